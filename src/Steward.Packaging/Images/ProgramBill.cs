using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Steward.Models;
using Steward.Oci;

namespace Steward.Packaging.Images;

/// <summary>What an image is made of, for whoever must know it: packages of the system, the runtime, the program's libraries, the model.</summary>
internal static class ProgramBill
{
    public static CycloneDx Of(ModelVersion version, OciDigest image, IEnumerable<BillItem> ground)
        => new(new("container", $"{version.Project}/{version.Model}", version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)) { Facts = new Dictionary<string, string> { ["steward:image"] = image.ToString() } },
            [
                new("machine-learning-model", version.Model, version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
                {
                    Sha256 = version.Onnx.Hex,
                    Facts = new Dictionary<string, string> { ["steward:data"] = version.Data, ["steward:run"] = version.Run },
                },
                new("application", "steward", typeof(ProgramBill).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion) { License = "Apache-2.0" },
                .. Runtime(), .. Libraries(), .. ground,
            ]);

    private static IEnumerable<BillItem> Runtime()
        => MachineFiles.Frameworks.Select(name => new BillItem("framework", name, RuntimeInformation.FrameworkDescription.Split(' ')[^1]) { License = "MIT" });

    /// <summary>As the build wrote them down beside the program.</summary>
    private static IEnumerable<BillItem> Libraries()
    {
        var file = Directory.EnumerateFiles(AppContext.BaseDirectory, "*.deps.json").Order(StringComparer.Ordinal).FirstOrDefault();
        if (file is null)
            yield break;
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        foreach (var library in json.RootElement.GetProperty("libraries").EnumerateObject())
            if (library.Value.GetProperty("type").GetString() == "package" && library.Name.Split('/') is [var name, var version])
                yield return new("library", name, version) { Purl = BillItem.PurlOf("nuget", name, version) };
    }
}
