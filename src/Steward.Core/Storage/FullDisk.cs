namespace Steward.Storage;

/// <summary>What every room says when there is no room left on the disk.</summary>
public static class FullDisk
{
    public static bool Is(Exception error) => error is IOException io && Disk.IsFull(io);

    public static ProblemException Problem() => Errors.DiskFull();
}
