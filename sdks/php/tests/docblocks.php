<?php

declare(strict_types=1);

// What PHPStan reads of this library, by PHPStan's own parser: every comment with types can be parsed, names that exist,
// and says what is in an array wherever PHP's own type says no more than that it is one.

require __DIR__ . '/../init.php';
require '/usr/share/php/PHPStan/PhpDocParser/autoload.php';
require '/usr/share/php/Psr/Log/autoload.php';
require '/usr/share/php/Psr/Http/Client/autoload.php';

use PHPStan\PhpDocParser\Ast\Node;
use PHPStan\PhpDocParser\Ast\PhpDoc\PhpDocNode;
use PHPStan\PhpDocParser\Ast\PhpDoc\TemplateTagValueNode;
use PHPStan\PhpDocParser\Ast\Type\IdentifierTypeNode;
use PHPStan\PhpDocParser\Lexer\Lexer;
use PHPStan\PhpDocParser\Parser\ConstExprParser;
use PHPStan\PhpDocParser\Parser\PhpDocParser;
use PHPStan\PhpDocParser\Parser\TokenIterator;
use PHPStan\PhpDocParser\Parser\TypeParser;

const BUILT_IN = ['array', 'array-key', 'bool', 'callable', 'class-string', 'false', 'float', 'int', 'iterable', 'list',
    'mixed', 'null', 'object', 'resource', 'self', 'static', 'string', 'true', 'void'];

/** The file of a class, with what its short names stand for. */
final class Source
{
    private string $namespace;
    /** @var array<string, string> */
    private array $uses = [];

    public function __construct(public readonly ReflectionClass $class)
    {
        $this->namespace = $class->getNamespaceName();
        preg_match_all('/^use ([\w\\\\]+);$/m', (string) file_get_contents((string) $class->getFileName()), $found);
        foreach ($found[1] as $name) {
            $this->uses[substr((string) strrchr("\\$name", '\\'), 1)] = $name;
        }
    }

    public function knows(string $name): bool
    {
        [$first, $rest] = explode('\\', $name, 2) + [1 => ''];
        $path = isset($this->uses[$first]) ? trim("{$this->uses[$first]}\\$rest", '\\') : "$this->namespace\\$name";
        foreach ([$path, ltrim($name, '\\')] as $each) {
            if (class_exists($each) || interface_exists($each)) {
                return true;
            }
        }

        return false;
    }
}

function parsed(string|false $comment): PhpDocNode
{
    $constants = new ConstExprParser();
    $parser = new PhpDocParser(new TypeParser($constants), $constants);

    return $parser->parse(new TokenIterator((new Lexer())->tokenize($comment === false ? '/** */' : $comment)));
}

/** @return list<string> what is wrong with the names in a comment */
function unknown(PhpDocNode $doc, Source $source, array $templates, string $where): array
{
    $wrong = [];
    foreach ($doc->getTags() as $tag) {
        if (property_exists($tag->value, 'exception') || $tag->value instanceof Node && str_starts_with($tag->value::class, 'Invalid')) {
            $wrong[] = "$where: $tag->name cannot be parsed: $tag->value";
        }
    }
    $visit = function (mixed $node) use (&$visit, &$wrong, $source, $templates, $where): void {
        if ($node instanceof IdentifierTypeNode && !in_array($node->name, [...BUILT_IN, ...$templates], true) && !$source->knows($node->name)) {
            $wrong[] = "$where: $node->name is not known";
        }
        foreach ($node instanceof Node ? get_object_vars($node) : (is_array($node) ? $node : []) as $name => $child) {
            if ($name !== 'keyName') { // of an array's shape
                $visit($child);
            }
        }
    };
    $visit($doc);

    return $wrong;
}

/** @return list<string> */
function templates(PhpDocNode $doc): array
{
    return array_map(static fn (TemplateTagValueNode $tag) => $tag->name, array_values($doc->getTemplateTagValues()));
}

/** Whether PHP's own type is an array, or might be one. */
function isArray(?ReflectionType $type): bool
{
    $all = $type instanceof ReflectionUnionType ? $type->getTypes() : [$type];

    return array_filter($all, static fn ($each) => $each instanceof ReflectionNamedType && in_array($each->getName(), ['array', 'iterable', 'Generator', 'Closure'], true)) !== [];
}

$wrong = [];
$checked = 0;
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__ . '/../src')) as $file) {
    if ($file->getExtension() !== 'php') {
        continue;
    }
    $path = substr((string) realpath($file->getPathname()), strlen((string) realpath(__DIR__ . '/../src')) + 1, -4);
    $class = new ReflectionClass('NoKYCNumber\\' . str_replace('/', '\\', $path));
    $source = new Source($class);
    $outer = parsed($class->getDocComment());
    $wrong = [...$wrong, ...unknown($outer, $source, templates($outer), $path)];
    foreach ($class->getProperties() as $property) {
        $doc = parsed($property->getDocComment());
        $wrong = [...$wrong, ...unknown($doc, $source, templates($outer), "$path::\$$property->name")];
        if (isArray($property->getType()) && !$property->isPromoted() && $doc->getVarTagValues() === [] && $property->class === $class->name) {
            $wrong[] = "$path::\$$property->name: an array of what?";
        }
    }
    foreach ($class->getMethods() as $method) {
        if ($method->class !== $class->name || $method->getFileName() !== $class->getFileName()) {
            continue;
        }
        $checked++;
        $where = "$path::$method->name()";
        $doc = parsed($method->getDocComment());
        $wrong = [...$wrong, ...unknown($doc, $source, [...templates($outer), ...templates($doc)], $where)];
        $told = array_map(static fn ($tag) => substr($tag->parameterName, 1), $doc->getParamTagValues());
        $has = array_map(static fn ($parameter) => $parameter->name, $method->getParameters());
        foreach (array_diff($told, $has) as $name) {
            $wrong[] = "$where: it has no parameter \$$name";
        }
        foreach ($method->getParameters() as $parameter) {
            if (isArray($parameter->getType()) && !in_array($parameter->name, $told, true)) {
                $wrong[] = "$where: what is in \$$parameter->name?";
            }
        }
        if (isArray($method->getReturnType()) && $doc->getReturnTagValues() === []) {
            $wrong[] = "$where: what is in what it returns?";
        }
    }
}
echo implode("\n", $wrong), $wrong === [] ? "$checked methods\n" : "\n";
exit($wrong === [] && $checked > 100 ? 0 : 1);
