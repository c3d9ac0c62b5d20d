using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Steward.Attack.Tests;

/// <summary>SEC-13, 15: what the compiled program calls. What it cannot call, no trick makes it do.</summary>
public class Sec15_CodeTests
{
    /// <summary>Whatever makes objects out of the words of a stream.</summary>
    private static readonly string[] Unpicklers = ["BinaryFormatter", "NetDataContractSerializer", "SoapFormatter", "LosFormatter", "ObjectStateFormatter", "DataContractSerializer", "XmlSerializer", "JavaScriptSerializer", "DefaultJsonTypeInfoResolver"];

    public static TheoryData<string> Assemblies => [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "Steward.*.dll").Where(file => !file.EndsWith("Tests.dll", StringComparison.Ordinal) && !file.EndsWith("Testing.dll", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Nothing_makes_objects_out_of_bytes(string assembly)
        => Assert.Equal([], Calls(assembly).Where(call => Unpicklers.Contains(call.Type)).Select(call => call.ToString()).Distinct());

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Commands_are_lists_of_arguments_and_never_a_line_for_a_shell(string assembly)
        => Assert.Equal([], Calls(assembly).Where(call => call is (nameof(ProcessStartInfo), "set_Arguments" or "set_UseShellExecute")).Select(call => call.ToString()).Distinct());

    [Fact]
    public void The_program_that_is_looked_through_does_start_processes()
        => Assert.Contains((nameof(ProcessStartInfo), ".ctor"), Calls("Steward.Core.dll").Select(call => (call.Type, call.Member)));

    private static List<(string Type, string Member)> Calls(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        var words = file.GetMetadataReader();
        return [.. words.MemberReferences.Select(words.GetMemberReference).Where(member => member.Parent.Kind is HandleKind.TypeReference)
            .Select(member => (words.GetString(words.GetTypeReference((TypeReferenceHandle)member.Parent).Name), words.GetString(member.Name)))];
    }
}
