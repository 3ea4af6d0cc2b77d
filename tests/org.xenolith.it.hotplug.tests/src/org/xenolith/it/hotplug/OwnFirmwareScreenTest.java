// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.console.api.DisplayPort;
import org.xenolith.console.api.Picture;
import org.xenolith.it.guest.DisplayPrograms;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.scenario.api.ScenarioCheck;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** A program draws by the graphics output protocol of our own UEFI firmware, and each pixel is looked at from outside. */
@FullLane
class OwnFirmwareScreenTest {
  private static final String NODE = "/fw-cfg@9020000";
  private static final String DISPLAY = "org.xenolith.hw.ramfb";
  private static final String LAYER = "org.xenolith.efi.ramfb";
  /** How often each bundle is replaced while the program draws. */
  private static final int ROUNDS = Lane.full() ? 50 : 2;
  private static final List<String> BUNDLES = List.of("firmware.efi.boot", "efi.ramfb", "hw.ramfb", "hw.fwcfg", "display");

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private LaunchRequest request() throws IOException {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(128L << 20).option("firmware", "xenolith")
        .option("display", "ramfb").disks(List.of(DisplayPrograms.painter(folder).toString())).build();
  }

  private static void runTo(GuestMachine guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  private static Optional<Picture> picture(GuestMachine guest) {
    return guest.machine().port(NODE, DisplayPort.class).picture();
  }

  private static void assertDrawn(GuestMachine guest, int times) {
    Picture picture = picture(guest).orElseThrow();
    assertEquals(DisplayPrograms.WIDTH, picture.width());
    assertEquals(DisplayPrograms.HEIGHT, picture.height());
    assertArrayEquals(DisplayPrograms.pixels(times), picture.pixels());
  }

  private static int drawn(GuestMachine guest) {
    return (int) guest.console().text().lines().filter(DisplayPrograms.ONE::equals).count();
  }

  private static <T> T service(Class<T> type, String name) {
    BundleContext context = FrameworkUtil.getBundle(OwnFirmwareScreenTest.class).getBundleContext();
    try {
      return context.getServiceReferences(type, null).stream().map(context::getService).filter(each -> each.getClass().getSimpleName()
          .equals(name)).findFirst().orElseThrow();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void programDrawsWhileDisplayAndDriverAreReplaced() throws IOException {
    LaunchRequest request = request();
    long begin;
    long end;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil(DisplayPrograms.ONE);
      begin = guest.machine().instructions();
      guest.runUntil(DisplayPrograms.ALL);
      assertEquals(DisplayPrograms.TIMES, drawn(guest));
      assertDrawn(guest, DisplayPrograms.TIMES);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      digest = guest.machine().digest();
      assertEquals(List.of(), List.of("model-failed", "unmodelled-access", "fw-cfg-bad-request", "ramfb-bad-frame-buffer", "efi-error")
          .stream()
          .filter(guest.machine().events()::containsKey).toList(), guest::events);
      outside(guest);
    }
    Path snapshot = folder.resolve("snapshot");
    try (GuestMachine guest = GuestMachine.launch(request)) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, begin + (end - begin) / ROUNDS * round);
        for (String bundle : BUNDLES) {
          String name = "org.xenolith." + bundle;
          Change done = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + (1 + round
              % 2))));
          assertTrue(done.done(), () -> name + ": " + done);
          assertEquals(!bundle.equals("display"), done.devices() > 0, () -> name + ": " + done);
        }
        if (round == ROUNDS / 2) {
          guest.save(snapshot);
        }
      }
      runTo(guest, end);
      assertDrawn(guest, DisplayPrograms.TIMES);
      assertEquals(digest, guest.machine().digest());
      goesAndComesBack(guest);
    }
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.ofSnapshot(snapshot).build())) {
      assertTrue(picture(guest).isPresent());
      runTo(guest, end);
      assertDrawn(guest, DisplayPrograms.TIMES);
      assertEquals(digest, guest.machine().digest());
    }
    driverComesAndGoes(request);
  }

  /** What people and scenarios see is what is on the display. */
  private void outside(GuestMachine guest) throws IOException {
    Path file = folder.resolve("screen.png");
    MonitorCommand command = service(MonitorCommand.class, "ScreenCommand");
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> command.execute(guest.machine(), List.of(file.toString())));
    while (!answer.isDone()) {
      guest.runFor(1);
    }
    assertTrue(answer.join().contains("640 by 480"), answer::join);
    assertTrue(Files.size(file) > 100);
    ScenarioCheck check = service(ScenarioCheck.class, "ScreenCheck");
    assertEquals(Optional.empty(), check.complaint(guest.machine(), Map.of("size", "640x480", "colors", "41")));
    assertTrue(check.complaint(guest.machine(), Map.of("colors", "42")).isPresent());
    assertTrue(check.complaint(guest.machine(), Map.of("size", "800x600")).isPresent());
    assertTrue(check.complaint(guest.machine(), Map.of("on", "false")).isPresent());
  }

  private void goesAndComesBack(GuestMachine guest) throws IOException {
    assertTrue(product.change().remove(DISPLAY).done());
    assertEquals(Optional.empty(), picture(guest));
    assertTrue(product.change().add(new ByteArrayInputStream(product.jar(DISPLAY))).done());
    assertDrawn(guest, DisplayPrograms.TIMES);
  }

  /** A driver that comes before anything is connected drives the display; one that goes while a program draws isn't ready, and what was drawn stays. */
  private void driverComesAndGoes(LaunchRequest request) throws IOException {
    assertTrue(product.change().remove(LAYER).done());
    try (GuestMachine guest = GuestMachine.launch(request)) {
      runTo(guest, 1000);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar(LAYER))).done());
      guest.runUntil(DisplayPrograms.ONE);
      assertTrue(product.change().remove(LAYER).done());
      guest.runFor(100);
      assertFalse(guest.console().text().contains(DisplayPrograms.ALL), () -> guest.console().text());
      Picture picture = picture(guest).orElseThrow();
      assertEquals(DisplayPrograms.pixels(1)[0], picture.at(0, 0));
      assertEquals(0, picture.at(DisplayPrograms.WIDTH - 1, 0));
    }
  }
}
