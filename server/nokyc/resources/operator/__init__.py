"""What the operator sees of the whole platform. The panel asks for the role before it calls anything here."""
