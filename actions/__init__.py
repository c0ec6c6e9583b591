"""The action server: answers that need the operator's systems. Imports rasa_sdk, never rasa."""
