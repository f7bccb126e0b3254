"""What an AI agent says and does in a call: a state machine, without audio, network or clock."""
