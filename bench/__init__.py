"""``make bench``: this assistant beside a stock one (`rasa init`), on the same sentences, in the same run.

Run in Rasa's environment from the project's root: ``python -m bench``. Both are trained on the same sample of the
training sentences, started as their users start them, and asked the same things over HTTP by the same client.

    projects   the two assistants as folders
    server     one of them, running: when it is ready, what it weighs, what it burns
    load       turns over HTTP: one after the other, many at once, five hundred in one conversation
    ear        what an assistant understands, and how long that takes (a process of its own)
    report     the figures side by side, as ratios
"""
