"""What teaching needs to know of models: their outputs, several teachers, features."""
