// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ProgressListener;

/** Images are made once, and never half. */
class ImageCacheTest {
  @TempDir
  Path temporary;
  private Path folder;
  private final FakeImage source = new FakeImage();
  private final AtomicInteger made = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void name() {
    folder = temporary.resolve("images");
  }

  private ImageCache cache() {
    return new ImageCache(folder, (image, plan, file, work, log, progress) -> {
      assertEquals(plan.size(), Files.size(file));
      assertEquals(List.of("disk"), names(work));
      Files.writeString(work.resolve("content"), "what goes there");
      Files.writeString(log, "console");
      write(file, made.incrementAndGet());
    });
  }

  private static void write(Path file, int number) throws IOException {
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.write(number);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path obtain(ImagePlan plan) {
    return cache().obtain(source, plan, told::add);
  }

  @Test
  void whatWasMadeIsTakenAgain() throws IOException {
    ImagePlan plan = source.plan(1, FakeImage.USUAL);
    Path first = obtain(plan);
    assertEquals(first, obtain(plan));
    assertEquals(1, made.get());
    assertEquals(FakeImage.USUAL, Files.size(first));
    assertEquals(1, Files.readAllBytes(first)[0]);
    String name = first.getFileName().toString().replace(".img", "");
    assertTrue(name.matches("fake-[0-9a-f]{16}"), name);
    assertEquals(List.of(name + ".img", name + ".log", "lock"), names(folder));
    obtain(source.plan(2, FakeImage.USUAL));
    assertEquals(2, made.get());
  }

  @Test
  void aFailureLeavesNothingButTheConsole() throws IOException {
    ImageCache failing = new ImageCache(folder, (image, plan, file, work, log, progress) -> {
      write(file, 9);
      Files.writeString(log, "console");
      throw new BootException("it failed");
    });
    ImagePlan plan = source.plan(1, FakeImage.USUAL);
    assertEquals("it failed", assertThrows(BootException.class, () -> failing.obtain(source, plan, told::add)).getMessage());
    assertEquals(List.of("fake-" + plan.key().substring(0, 16) + ".log", "lock"), names(folder));
    assertEquals(1, Files.readAllBytes(obtain(plan))[0]);
  }

  @Test
  void whatAnEndedProcessLeftIsInNobodysWay() throws IOException {
    Path left = Files.createDirectories(folder.resolve("unfinished/deep"));
    Files.writeString(left.resolve("file"), "half");
    Files.writeString(folder.resolve("unfinished/disk"), "half");
    obtain(source.plan(1, FakeImage.USUAL));
    assertFalse(Files.exists(folder.resolve("unfinished")));
  }

  @Test
  void anImageThatWasCutIsMadeAnew() throws IOException {
    ImagePlan plan = source.plan(1, FakeImage.USUAL);
    Path file = obtain(plan);
    assertFalse(Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE), "it can be booted and changed");
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, new byte[5]);
    assertEquals(file, obtain(plan));
    assertEquals(2, made.get());
    assertEquals(FakeImage.USUAL, Files.size(file));
  }

  @Test
  void twoAtOnceMakeOne() throws Exception {
    CountDownLatch makes = new CountDownLatch(1);
    CountDownLatch waits = new CountDownLatch(1);
    ImageCache slow = new ImageCache(folder, (image, plan, file, work, log, progress) -> {
      made.incrementAndGet();
      makes.countDown();
      try {
        assertTrue(waits.await(30, TimeUnit.SECONDS), "the second doesn't wait");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    ImagePlan plan = source.plan(1, FakeImage.USUAL);
    Thread first = Thread.ofPlatform().start(() -> slow.obtain(source, plan, ProgressListener.SILENT));
    assertTrue(makes.await(30, TimeUnit.SECONDS));
    cache().obtain(source, plan, line -> {
      told.add(line);
      waits.countDown();
    });
    first.join();
    assertEquals(1, made.get());
    assertTrue(told.getFirst().startsWith("waiting for another") && told.getLast().startsWith("taking "), told::toString);
  }

  @Test
  void theOldestOfManyAreForgotten() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      files.add(obtain(source.plan(i, FakeImage.USUAL)));
      Files.setLastModifiedTime(files.getLast(), FileTime.fromMillis(1_000_000L * (i + 1)));
    }
    Files.writeString(folder.resolve("fake-mine.img"), "a user's");
    obtain(source.plan(0, FakeImage.USUAL));
    assertEquals(6, made.get(), "it was forgotten, and made again");
    List<String> images = names(folder).stream().filter(name -> name.endsWith(".img")).toList();
    assertEquals(ImageCache.KEPT + 1, images.size(), images::toString);
    for (Path kept : List.of(files.get(0), files.get(3), files.get(4), folder.resolve("fake-mine.img"))) {
      assertTrue(Files.exists(kept), kept + " is gone");
    }
    assertEquals(3, names(folder).stream().filter(name -> name.endsWith(".log")).count());
  }

  @Test
  void aDiskWithoutRoomIsSaidBefore() {
    source.content = 1L << 60;
    String message = assertThrows(BootException.class, () -> obtain(source.plan(1, FakeImage.USUAL))).getMessage();
    assertTrue(message.contains("MiB free in " + folder) && message.contains("XENOLITH_CACHE"), message);
    assertEquals(0, made.get());
  }

  @Test
  void theFolderIsTheUsers() {
    assertEquals(Path.of("/a/images"), ImageCache.folder(Map.of("XENOLITH_CACHE", "/a", "XDG_CACHE_HOME", "/b")));
    assertEquals(Path.of("/b/xenolith/images"), ImageCache.folder(Map.of("XDG_CACHE_HOME", "/b")));
    assertEquals(Path.of(System.getProperty("user.home"), ".cache/xenolith/images"), ImageCache.folder(Map.of("XDG_CACHE_HOME", "b")));
  }
}
