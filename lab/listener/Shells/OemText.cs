using System.Text;

namespace PracticeLab.Listener.Shells;

/// <summary>Text as a Windows console program writes it: CR LF, in the shell's code page.</summary>
internal sealed class OemText
{
    public const int Default = 437;
    private readonly Encoding _encoding;

    static OemText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public OemText(int codePage) => _encoding = codePage == 65001 ? new UTF8Encoding(false) : Encoding.GetEncoding(codePage);

    public byte[] Encode(string line) => _encoding.GetBytes(line + "\r\n");
}
