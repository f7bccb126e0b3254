# frozen_string_literal: true

# The API for phone numbers and SMS.
module NoKYCNumber
  # The class of {OMIT}.
  class Omitted
    def inspect
      "NoKYCNumber::OMIT"
    end
  end

  # What is not given is not sent, while nil is sent as null: the default of optional parameters.
  OMIT = Omitted.new.freeze
end

require_relative "nokycnumber/version"
require_relative "nokycnumber/contract"
require_relative "nokycnumber/errors"
require_relative "nokycnumber/kinds"
require_relative "nokycnumber/retry_policy"
require_relative "nokycnumber/transport"
require_relative "nokycnumber/requester"
require_relative "nokycnumber/page"
require_relative "nokycnumber/model"
require_relative "nokycnumber/event"
require_relative "nokycnumber/models"
require_relative "nokycnumber/resources"
require_relative "nokycnumber/webhook"
require_relative "nokycnumber/client"
