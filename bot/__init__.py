"""What runs inside Rasa: the door, the ear, the judgement and the memory.

Start it with ``python -m bot.run``, train with ``python -m bot.train``, check the training data with
``python -m bot.validate``, each from the project's root in Rasa's environment. A turn goes

    door (who may call, what is asked) → turns (one at a time, each once) → conduct (Rasa understands, the
    judgement decides, Rasa acts) → memory (tracker and answer in one transaction)

``bot.run`` needs RELEVO_SECRET and heeds RASA_INTERFACE (default 127.0.0.1, never public), RASA_PORT, ACTIONS_URL or
ACTIONS_PORT, DATA_DIR and DATABASE_URL. It does what ``rasa run --interface 127.0.0.1 --credentials credentials.yml
--endpoints endpoints.yml`` would do, without telemetry and without TensorFlow.

Nothing in here decides who owns a conversation: it advises, the switchboard acts.
"""
