namespace Steward.Onnx;

/// <summary>One dimension of a shape: a size (<c>224</c>), a name that the caller fills (<c>"N"</c>), or unknown.</summary>
public readonly record struct Dim(long? Size, string? Name)
{
    public static implicit operator Dim(long size) => FromInt64(size);

    public static implicit operator Dim(int size) => FromInt64(size);

    public static implicit operator Dim(string name) => FromString(name);

    public static Dim FromInt64(long size) => new(size, null);

    public static Dim FromString(string name) => new(null, name);

    public static Dim Unknown => default;

    public override string ToString() => Size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Name ?? "?";
}
