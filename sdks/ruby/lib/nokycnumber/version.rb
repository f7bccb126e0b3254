# frozen_string_literal: true

module NoKYCNumber
  # This library's own version.
  VERSION = "0.1.0"
end
