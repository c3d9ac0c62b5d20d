using System.Runtime.Versioning;

namespace Steward.Onnx.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class OnnxFileTests : IDisposable
{
    private static readonly byte[] Sound = new Pictures().Model();
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx-tests-").FullName;

    private string Here(string name) => Path.Combine(_folder, name);

    [Fact]
    public void The_copy_is_private_and_gone_after_disposing()
    {
        string path;
        using (var file = OnnxFile.Keep(Sound, _folder))
        {
            path = file.Path;
            Assert.Equal(Sound, File.ReadAllBytes(path));
            Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_plain_file_is_taken()
    {
        File.WriteAllBytes(Here("a.onnx"), Sound);
        using var file = OnnxFile.Take(Here("a.onnx"), _folder);
        Assert.Equal("image", file.Description.Signature.Inputs[0].Name);
    }

    [Fact]
    public void A_symbolic_link_is_refused()
    {
        File.WriteAllBytes(Here("a.onnx"), Sound);
        File.CreateSymbolicLink(Here("b.onnx"), Here("a.onnx"));
        Assert.Equal(OnnxCodes.LinkedFile, Refusal(() => OnnxFile.Take(Here("b.onnx"), _folder)));
    }

    [Fact]
    public void A_file_with_two_names_is_refused()
    {
        File.WriteAllBytes(Here("a.onnx"), Sound);
        Tool.Run("ln", Here("a.onnx"), Here("b.onnx"));
        Assert.Equal(OnnxCodes.LinkedFile, Refusal(() => OnnxFile.Take(Here("b.onnx"), _folder)));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_it()
    {
        Tool.Run("mkfifo", Here("p.onnx"));
        Assert.Equal(OnnxCodes.LinkedFile, Refusal(() => OnnxFile.Take(Here("p.onnx"), _folder)));
    }

    [Fact]
    public void A_kept_file_that_got_a_second_name_is_not_loaded()
    {
        using var file = OnnxFile.Keep(Sound, _folder);
        Tool.Run("ln", file.Path, Here("other.onnx"));
        Assert.Equal(OnnxCodes.LinkedFile, Refusal(() => OnnxSession.Open(file)));
    }

    [Fact]
    public void A_hostile_model_leaves_nothing_on_disk()
    {
        var model = Hostile.InGraph(g => g.Message(Wire.GraphField.Initializer, Hostile.Elsewhere()));
        Assert.Equal(OnnxCodes.ExternalData, Refusal(() => OnnxFile.Keep(model, _folder)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    private static string Refusal(Func<object> attempt) => Assert.Throws<OnnxRefusedException>(attempt).Findings[0].Code;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
