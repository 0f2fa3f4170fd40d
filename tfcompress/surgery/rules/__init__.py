"""What surgery knows about the types of layers."""
