using Steward.Projects;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Steward.Packaging;

/// <summary>Reads conda's environment.yml, with the pip packages inside it.</summary>
internal static class EnvironmentYml
{
    private static readonly string[] Keys = ["name", "channels", "dependencies", "prefix", "variables", "platforms", "category"];

    public static void Read(Reading all, string name)
    {
        if (all.Open(name) is not { } source)
            return;
        YamlNode? root;
        try
        {
            root = PlainYaml.Read(source.Text);
        }
        catch (YamlException error)
        {
            all.Complain(new(name, (int)error.Start.Line), $"this is not YAML: {error.InnerException?.Message ?? error.Message}");
            return;
        }

        if (root is not YamlMappingNode map)
        {
            all.Complain(new(name, 1), "the file is not one list of keys and values.", "Begin with: dependencies:");
            return;
        }

        foreach (var (keyNode, value) in map.Children)
            if (Word(keyNode) is var key && !Keys.Contains(key))
                all.Complain(At(name, keyNode), $"there is no key '{Names.Shorten(key)}' in an environment.", Suggest.For(key, Keys));
            else if (key == "dependencies")
                Dependencies(all, name, value);
        if (!map.Children.ContainsKey(new YamlScalarNode("dependencies")))
            all.Complain(new(name, 1), "the environment asks for nothing.", "Add: dependencies: [python=3.11]");
    }

    private static void Dependencies(Reading all, string name, YamlNode node)
    {
        if (node is not YamlSequenceNode list)
        {
            all.Complain(At(name, node), "'dependencies' is a list; write one line '- name=version' each.");
            return;
        }

        foreach (var one in list.Children)
            all.At(At(name, one), () =>
            {
                if (one is YamlMappingNode { Children: [var (world, packages)] } && Word(world) == "pip" && packages is YamlSequenceNode pip)
                    foreach (var package in pip.Children)
                        all.At(At(name, package), () => Pip(all, At(name, package), Word(package)));
                else if (one is YamlScalarNode)
                    Conda(all, At(name, one), Word(one));
                else
                    throw new FormatException("this is neither a package nor 'pip:' with a list.");
            });
    }

    private static void Conda(Reading all, Place at, string text)
    {
        var spec = CondaSpec.Parse(text);
        all.Add(new(World.Conda, spec.Name, spec.Range, spec.Allowed, at) { Spelled = spec.Spelled, Build = spec.Build, IsInterpreter = spec.Name == "python" });
    }

    private static void Pip(Reading all, Place at, string text)
    {
        if (text.StartsWith("-r ", StringComparison.Ordinal) || text.StartsWith("--requirement", StringComparison.Ordinal))
        {
            var other = Path.Combine(Path.GetDirectoryName(at.File) ?? "", text[text.IndexOfAny([' ', '='])..].Trim(' ', '='));
            if (!File.Exists(Path.Combine(all.Folder, other)))
                throw new FormatException($"the file {Names.Shorten(other)} is not there.");
            RequirementsTxt.Read(all, other);
            return;
        }

        if (text.StartsWith('-') || text.Contains("://", StringComparison.Ordinal))
            throw new FormatException($"'{Names.Shorten(text)}' says no version that could be compared or locked; write name==version.");
        var read = PipRequirement.Parse(text);
        all.Add(new(World.Pip, read.Name, read.Range, read.Allowed, at) { Extras = read.Extras, When = read.When });
    }

    private static Place At(string name, YamlNode node) => new(name, (int)node.Start.Line);

    private static string Word(YamlNode node) => (node as YamlScalarNode)?.Value ?? throw new FormatException("one word is expected here.");
}
