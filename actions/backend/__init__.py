"""The operator's customers, bills and complaints behind one small interface."""
