# frozen_string_literal: true

# The signatures in sig/ are right in themselves, and every public method of the library has one.

require "nokycnumber/testing"
require "rbs"
require "rbs/cli"

SIGNATURES = File.join(__dir__, "../sig")
RBS::CLI.new(stdout: $stdout, stderr: $stderr).run(["-r", "bigdecimal", "-I", SIGNATURES, "validate", "--silent"])

GIVEN = %i[[]].freeze # by Struct.new, and not in the signatures that come with RBS

loader = RBS::EnvironmentLoader.new
loader.add(library: "bigdecimal", version: nil)
loader.add(path: Pathname(SIGNATURES))
builder = RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(loader).resolve_type_names)

missing = NoKYCNumber.constants.sort.flat_map do |name|
  object = NoKYCNumber.const_get(name)
  next [] unless object.is_a?(Module) && object.name

  type = RBS::TypeName.new(name: name, namespace: RBS::Namespace.parse("::NoKYCNumber"))
  unless builder.env.class_decls.key?(type)
    next object.is_a?(Class) || object.singleton_methods(false).any? ? [name] : []
  end

  instance = builder.build_instance(type).methods.keys
  singleton = builder.build_singleton(type).methods.keys
  own = object.public_instance_methods(false).reject { |method| method.end_with?("=") || method == :initialize }
  (own - instance).map { |method| "#{name}##{method}" } + (object.singleton_methods(false) - singleton - GIVEN).map { |method| "#{name}.#{method}" }
end
abort("without a signature: #{missing.join(", ")}") unless missing.empty?
