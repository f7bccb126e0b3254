"""NoKYCNumber: a phone-number platform that anyone can run."""
