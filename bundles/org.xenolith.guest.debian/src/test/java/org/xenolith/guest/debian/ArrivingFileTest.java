// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrivingFileTest {
  private static final byte[] CONTENT = "what comes over a line".getBytes(StandardCharsets.UTF_8);
  @TempDir
  Path folder;
  private ArrivingFile file;

  @BeforeEach
  void write() throws IOException {
    // More than has come may lie there: of an earlier attempt.
    file = new ArrivingFile(Files.write(folder.resolve("file"), CONTENT));
  }

  @Test
  void whatHasComeIsReadBeforeTheRestIsThereAndNoMore() throws IOException {
    file.accept(5);
    try (InputStream in = file.open()) {
      assertArrayEquals("what ".getBytes(StandardCharsets.UTF_8), in.readNBytes(5));
      FutureTask<byte[]> rest = reading(in);
      assertThrows(TimeoutException.class, () -> rest.get(50, TimeUnit.MILLISECONDS));
      file.accept(CONTENT.length);
      file.whole();
      assertEquals("comes over a line", new String(rest.get(), StandardCharsets.UTF_8));
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoReadsALostFileIsToldSo() throws Exception {
    file.accept(5);
    try (InputStream in = file.open()) {
      FutureTask<byte[]> all = reading(in);
      file.lost();
      ExecutionException told = assertThrows(ExecutionException.class, all::get);
      assertEquals("file was not written to its end", told.getCause().getMessage());
    }
  }

  @Test
  void aFileThatIsThereCanNotBeLost() throws IOException {
    file.accept(CONTENT.length);
    file.whole();
    file.lost();
    try (InputStream in = file.open()) {
      assertArrayEquals(CONTENT, in.readAllBytes());
    }
  }

  private static FutureTask<byte[]> reading(InputStream in) {
    FutureTask<byte[]> all = new FutureTask<>(in::readAllBytes);
    Thread.ofPlatform().daemon().start(all);
    return all;
  }
}
