package dev.sallyport.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text file of bounded size. */
public sealed interface FileText {
  record Text(String text) implements FileText {
    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
      return "Text[" + text.length() + "]";
    }
  }

  /**
   * @param why what is wrong, to be put behind the file's name
   */
  record Unreadable(String why) implements FileText {}

  /** Where the first byte stands that is not UTF-8, both from 1. */
  record NotUtf8(int line, int column) implements FileText {}

  /**
   * @param most bytes
   */
  static FileText read(Path file, int most) {
    // Neither a pipe, which may never end or begin, nor a device.
    if (!Files.isRegularFile(file)) {
      return new Unreadable(Files.exists(file) ? "is not a file" : "does not exist");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      return bytes.length > most
          ? new Unreadable("is larger than " + most / 1024 + " KiB")
          : decoded(bytes);
    } catch (IOException e) {
      return new Unreadable("cannot be read");
    }
  }

  private static FileText decoded(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError()) {
      int begin = text.lastIndexOf('\n') + 1;
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      return new NotUtf8(line, 1 + text.codePointCount(begin, text.length()));
    }
    return new Text(text.startsWith("\ufeff") ? text.substring(1) : text);
  }
}
