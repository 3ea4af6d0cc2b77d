// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {

  @TempDir
  Path folder;

  private Path make(Publication publication, String content) throws IOException {
    Path fresh = publication.fresh();
    Files.writeString(fresh.resolve("one"), content, StandardCharsets.UTF_8);
    Files.writeString(fresh.resolve("two"), content, StandardCharsets.UTF_8);
    return fresh;
  }

  @Test
  void whoLooksSeesAWholeProductAtAnyTime() throws Exception {
    Publication publication = new Publication(folder.resolve("product"));
    publication.publish(make(publication, "0"));
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger seen = new AtomicInteger();
    Thread builder = new Thread(() -> {
      try {
        for (int i = 1; i < 50; i++) {
          publication.publish(make(publication, Integer.toString(i)));
          // who looks is quicker than two builds
          for (int before = seen.get(); seen.get() < before + 2;) {
            Thread.onSpinWait();
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        over.set(true);
      }
    });
    builder.start();
    while (!over.get()) {
      assertFalse(Files.readString(publication.link().resolve("two")).isEmpty());
      seen.incrementAndGet();
    }
    builder.join();
    assertEquals("49", Files.readString(publication.link().resolve("two")));
    try (var left = Files.list(folder)) {
      assertEquals(3, left.count(), "the link, its folder and the one before");
    }
  }

  @Test
  void aFolderThatIsRunStaysUntilNobodyRunsIt() throws IOException {
    Path link = folder.resolve("product");
    Files.createDirectories(link.resolve("plugins")); // as earlier builds left it
    Publication publication = new Publication(link);
    Path first = make(publication, "1");
    publication.publish(first);
    FileChannel run = Publication.use(link.toRealPath());
    assertNotNull(run);
    publication.publish(make(publication, "2"));
    publication.publish(make(publication, "3"));
    publication.publish(make(publication, "4"));
    assertEquals("1", Files.readString(first.resolve("one")));
    run.close();
    publication.publish(make(publication, "5"));
    assertFalse(Files.exists(first));
    assertFalse(Files.exists(folder.resolve("product-before")));
    assertEquals("5", Files.readString(link.resolve("one")));
  }

  /** Runs a product's folder until its input ends. */
  static final class Runner {
    private Runner() {}

    public static void main(String... folder) throws IOException {
      try (FileChannel run = Publication.use(Path.of(folder[0]))) {
        System.out.write(run == null ? 0 : 1);
        System.out.flush();
        System.in.read();
      }
    }
  }

  private static Path classes(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void aFolderThatAnotherProcessRunsStays() throws IOException, InterruptedException, URISyntaxException {
    Publication publication = new Publication(folder.resolve("product"));
    Path first = make(publication, "1");
    publication.publish(first);
    String path = classes(Publication.class) + File.pathSeparator + classes(Runner.class);
    Process runner = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-XX:TieredStopAtLevel=1", "-cp", path,
        Runner.class.getName(), first.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      assertEquals(1, runner.getInputStream().read(), "it runs");
      publication.publish(make(publication, "2"));
      publication.publish(make(publication, "3"));
      assertEquals("1", Files.readString(first.resolve("one")));
    } finally {
      runner.getOutputStream().close();
    }
    assertEquals(0, runner.waitFor());
    publication.publish(make(publication, "4"));
    assertFalse(Files.exists(first));
  }
}
