namespace Steward.Packaging.Tests;

/// <summary>One small environment of each kind, exact enough to be locked without an index.</summary>
internal static class Samples
{
    public static (string, string)[] Pip(string python) => [("steward.yaml", $"steward: 1\nproject: fruit\nenvironment: {{python: \"{python}\"}}\n"),
        ("requirements.txt", "six==1.16.0 --hash=sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254\nnumpy==1.16.6 --hash=sha256:e5cf3fdf13401885e8eea8170624ec96225e2174eb0c611c6f26dd33b489e3ff\n")];

    public static (string, string)[] Conda => [("environment.yml", "dependencies:\n  - python=3.9.18\n  - numpy=1.21.6=py39h18676bf_0\n  - typing_extensions==4.7.1\n  - pip:\n    - six==1.16.0\n")];

    public static (string, string)[] Poetry => [("pyproject.toml", "[tool.poetry.dependencies]\npython = '3.11.9'\nsix = '1.16.0'\n")];

    public static (string, string)[] R => [("renv.lock", """
        {
          "R": { "Version": "4.2.2" },
          "Packages": {
            "R6": { "Package": "R6", "Version": "2.5.1", "Source": "Repository", "Hash": "470851b6d5d0ac559e9d01bb352b4021" },
            "rlang": { "Package": "rlang", "Version": "1.0.6", "Source": "Repository", "Hash": "4ed1f8336c8d52c3e750adcdc57228a7" },
            "lifecycle": { "Package": "lifecycle", "Version": "1.0.3", "Source": "Repository", "Imports": ["glue", "rlang (>= 1.0.6)"] },
            "glue": { "Package": "glue", "Version": "1.6.2", "Source": "Repository" }
          }
        }
        """)];

    public static (string, string)[] Julia => [
        ("Project.toml", "[deps]\nJSON = \"682c06a0-de6a-54ab-a142-c8b1cf79cde6\"\n\n[compat]\nJSON = \"0.21\"\njulia = \"1.6\"\n"),
        ("Manifest.toml", "julia_version = \"1.9.3\"\nmanifest_format = \"2.0\"\n\n[[deps.JSON]]\ndeps = [\"Parsers\"]\ngit-tree-sha1 = \"31e996f0a15c7b280ba9f76636b3ff9e2ae58c9a\"\nuuid = \"682c06a0-de6a-54ab-a142-c8b1cf79cde6\"\nversion = \"0.21.4\"\n\n[[deps.Parsers]]\ngit-tree-sha1 = \"716e24b21538abc91f6205fd1d8363f39b442851\"\nuuid = \"69de0a69-1ddd-5017-9359-2bf0b02dc9f0\"\nversion = \"2.7.2\"\n")];

    public static (string, string)[] DotNet => [
        ("Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n<ItemGroup>\n<PackageReference Include=\"Dapper\" Version=\"2.1.35\" />\n</ItemGroup>\n</Project>\n"),
        ("packages.lock.json", "{\n\"version\": 1,\n\"dependencies\": {\n\"net8.0\": {\n\"Dapper\": { \"type\": \"Direct\", \"resolved\": \"2.1.35\", \"contentHash\": \"YKRwjVfrG7GYOovlGyQoMvr1/IJdn+7QzNXJxyMh0YfFF5yvDmTYaJOVYWsckreNjGsGSEtrMTpnzxTUq/tZQw==\" }\n}\n}\n}\n")];

    public static IEnumerable<(string, string)[]> All => [Pip("3.11"), Conda, Poetry, R, Julia, DotNet];
}
