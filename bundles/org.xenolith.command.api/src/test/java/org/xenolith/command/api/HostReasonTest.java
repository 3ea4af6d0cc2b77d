// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With exceptions that the platform itself throws. */
class HostReasonTest {
  @TempDir
  Path folder;

  private static Exception thrown(Callable<?> attempt) {
    try {
      attempt.call();
    } catch (Exception e) {
      return e;
    }
    throw new AssertionError("it works");
  }

  private Path file(byte... bytes) throws IOException {
    return Files.write(folder.resolve("file"), bytes);
  }

  @Test
  void whatIsNotThereIsSaidOnceWhoeverLooksForIt() {
    Path none = folder.resolve("none");
    List<Exception> all = new ArrayList<>();
    all.add(thrown(() -> Files.readAllBytes(none)));
    all.add(thrown(() -> new FileInputStream(none.toFile())));
    all.add(thrown(() -> new RandomAccessFile(none.toFile(), "r")));
    for (Exception e : all) {
      assertEquals("there is no " + none, HostReason.of(e).text());
      assertEquals("there is no such file", HostReason.of(none, e).text());
    }
    assertEquals("there is no " + none, HostReason.of(folder, all.getFirst()).text(), "another file than that which is named");
  }

  @Test
  void aFolderIsOneWhoeverReadsIt() {
    assertEquals("this is a folder", HostReason.of(thrown(() -> Files.readAllBytes(folder))).text());
    assertEquals("this is a folder", HostReason.of(folder, thrown(() -> new FileInputStream(folder.toFile()))).text());
    assertEquals("the folder isn't empty", HostReason.of(folder, thrown(() -> {
      file((byte) 1);
      Files.delete(folder);
      return null;
    })).text());
  }

  @Test
  void aFileInThePlaceOfAFolderIsNamed() throws IOException {
    Path file = file((byte) 1);
    assertEquals(file + ": this is no folder", HostReason.of(thrown(() -> Files.newDirectoryStream(file))).text());
    assertEquals("what should be a folder on the way there is none", HostReason.of(file.resolve("x"), thrown(() -> Files.readAllBytes(file
        .resolve("x")))).text());
    assertEquals(file + ": it is there already", HostReason.of(thrown(() -> Files.createDirectory(file))).text());
  }

  @Test
  void rightsAreSaidTheSameWayWhoeverAsksForThem() {
    String denied = "it may not be read or written by you; give yourself the right, or name another";
    assertEquals("a: " + denied, HostReason.of(new AccessDeniedException("a")).text());
    assertEquals(denied, HostReason.of(Path.of("a"), new AccessDeniedException("a")).text());
    assertEquals(denied, HostReason.of(Path.of("a"), new java.io.FileNotFoundException("a (Permission denied)")).text());
    assertEquals(denied, HostReason.of(Path.of("a"), new FileSystemException("a", null, "Operation not permitted")).text());
  }

  @Test
  void whatIsReadIsNoText() throws IOException {
    Path file = file((byte) 0xff, (byte) 0xfe);
    assertEquals("it is no text in UTF-8", HostReason.of(thrown(() -> Files.readString(file, StandardCharsets.UTF_8))).text());
  }

  @Test
  void whatIsPackedIsDamagedOrCutShort() throws IOException {
    Path file = file((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6, (byte) 7, (byte) 8, (byte) 9, (byte) 10);
    assertEquals("what is packed in it isn't what was packed", HostReason.of(thrown(() -> new GZIPInputStream(Files.newInputStream(
        file)))).text());
    assertEquals("what is packed in it isn't what was packed", HostReason.of(thrown(() -> new ZipFile(file.toFile()))).text());
    assertEquals("it ends too early", HostReason.of(thrown(() -> new GZIPInputStream(InputStream.nullInputStream()))).text());
    assertEquals("it ends too early", HostReason.of(new EOFException()).text());
  }

  @Test
  void exceptionsWithoutATextHaveOne() throws IOException {
    FileChannel channel = FileChannel.open(file((byte) 1));
    channel.close();
    Exception closed = thrown(() -> channel.size());
    assertEquals(ClosedChannelException.class, closed.getClass());
    assertEquals("it was closed while it was used", HostReason.of(closed).text());
    assertEquals("the system gives no reason", HostReason.of(new IOException()).text());
  }

  @Test
  void hostsAndNamesAreTold() {
    assertEquals("the host nowhere.invalid isn't known", HostReason.of(new UnknownHostException("nowhere.invalid")).text());
    assertEquals("the host doesn't answer, or refuses", HostReason.of(new ConnectException()).text());
    assertEquals("Connection refused", HostReason.of(new ConnectException("Connection refused")).text());
    assertFalse(HostReason.of(thrown(() -> Path.of("a\0b"))).text().contains("Exception"));
  }

  @Test
  void whatIsAlreadyInWordsStays() {
    IOException ours = new IOException("disk.img: is in use by qemu");
    assertEquals("disk.img: is in use by qemu", HostReason.of(ours).text());
    assertEquals("is in use by qemu", HostReason.of(Path.of("disk.img"), ours).text());
    assertEquals("disk.img: is in use by qemu", HostReason.of(new UncheckedIOException(ours)).text());
    assertEquals("No space left on device", HostReason.of(new IOException("No space left on device")).text(),
        "the launcher looks for this text");
    assertEquals("expected a number, got \"x1\"", HostReason.of(thrown(() -> Integer.parseInt("x1"))).text());
    assertEquals("two gates are one too many", HostReason.of(new IllegalArgumentException("two gates are one too many")).text());
  }
}
