# frozen_string_literal: true

require_relative "lib/nokycnumber/version"

Gem::Specification.new do |spec|
  spec.name = "nokycnumber"
  spec.version = NoKYCNumber::VERSION
  spec.summary = "Ruby client of the NoKYCNumber API: phone numbers, SMS, webhooks."
  spec.description = "Every operation of the NoKYCNumber API with keyword arguments and signatures, retries with one " \
                     "idempotency key per call, pages that enumerate, and webhook verification."
  spec.authors = ["NoKYCNumber"]
  spec.email = ["support@nokycnumber.com"]
  spec.homepage = "https://nokycnumber.com"
  spec.license = "MIT"
  spec.required_ruby_version = ">= 2.7"
  spec.metadata = {
    "documentation_uri" => "https://api.nokycnumber.com/docs",
    "rubygems_mfa_required" => "true"
  }
  spec.files = Dir["lib/**/*.rb", "sig/*.rbs", "README.md", "CHANGELOG.md", "LICENSE"]
  spec.add_dependency "bigdecimal", ">= 2.0", "< 5" # no longer comes with Ruby since 3.4
end
