// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Whatever a model throws, and wherever: it loses its place and is named, and the machine goes on without it. */
class HostileStartTest {
  private final InstalledProduct product = InstalledProduct.get();
  private final List<String> events = new ArrayList<>();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException, InterruptedException {
    System.clearProperty(HostilePlugin.PROPERTY);
    HostilePlugin.endThreads();
    product.restore();
  }

  private void install(byte[] jar) throws IOException {
    var change = product.change().replace(HostilePlugin.BUNDLE, new ByteArrayInputStream(jar));
    assertTrue(change.done(), change::reason);
  }

  private Launch launch() {
    events.clear();
    return product.service(Launcher.class).launch(RequestBuilder.of("virt").guest("tiny").build(), line -> {},
        (kind, place, text) -> events.add(kind + ' ' + place + ": " + text));
  }

  /** The tiny guest waits for nobody: without its UART it writes into the void. */
  private void costsItsPlace(String kind) {
    try (Launch launch = launch()) {
      StopReason reason = launch.machine().run(new RunLimit(20_000_000L, Long.MAX_VALUE));
      assertTrue(reason == StopReason.LIMIT || reason == StopReason.POWER_OFF, reason + " " + events);
      assertTrue(launch.machine().now() > 10_000_000L, () -> launch.machine().now() + " " + events);
      assertTrue(events.stream().anyMatch(e -> e.startsWith(kind + ' ' + HostilePlugin.NODE + ": " + HostilePlugin.BUNDLE + ' '
          + HostilePlugin.VERSION)), events::toString);
      assertEquals("", launch.machine().devices().stream().filter(d -> d.instance().equals(HostilePlugin.NODE)).findFirst()
          .map(d -> d.bundle()).orElse(""));
    }
  }

  @Test
  void whateverItThrowsCostsAModelItsPlaceAndNothingElse() throws IOException {
    install(HostilePlugin.edit().bytes());
    List<Executable> all = new ArrayList<>(List.of(() -> {
      System.setProperty(HostilePlugin.PROPERTY, "create deep");
      costsItsPlace("model-refused");
    }));
    for (String call : List.of("description", "create", "reset", "read", "write", "alarm")) {
      String kind = call.equals("description") || call.equals("create") ? "model-refused" : "model-failed";
      for (String what : call.equals("write") ? List.of("throw", "sneak", "throwable", "deep", "heap") : List.of("sneak")) {
        all.add(() -> {
          System.setProperty(HostilePlugin.PROPERTY, call + " " + what);
          costsItsPlace(kind);
        });
      }
    }
    assertAll(all);
  }

  /** The JVM's verifier finds it when the model's class is linked. */
  @Test
  void classThatDoesNotVerifyCostsAModelItsPlace() throws IOException {
    JarEdit edit = HostilePlugin.edit();
    String name = "org/xenolith/hw/pl011/Pl011.class";
    ClassTransform badly = ClassTransform.transformingMethodBodies(method -> method.methodName().equalsString("read"), (code, element) -> {
      if (element instanceof ReturnInstruction) {
        code.pop2().aload(0);
      }
      code.with(element);
    });
    ClassFile classes = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
    install(edit.put(name, classes.transformClass(classes.parse(edit.get(name)), badly)).bytes());
    costsItsPlace("model-refused");
    assertTrue(events.toString().contains("VerifyError"), events::toString);
  }

  @Test
  void threadsThatVersionsLeaveBehindAreReportedAfterTenReplacements() throws IOException {
    System.setProperty(HostilePlugin.PROPERTY, "create thread");
    String leaks = "bundle-leaks " + HostilePlugin.BUNDLE + ": ";
    byte[] hostile = HostilePlugin.edit().bytes();
    byte[] right = product.jar(HostilePlugin.BUNDLE);
    try (Launch launch = launch()) {
      for (int i = 1; i <= 10; i++) {
        install(JarEdit.version(right, "1.0." + (20 + i)));
      }
      assertFalse(events.toString().contains(leaks), events::toString);
      // The ten that suffice, unless tests before have replaced the bundle, too: it is looked after ten times, twenty, forty ...
      for (int i = 1; i <= 10 || i <= 320 && events.stream().noneMatch(e -> e.startsWith(leaks)); i++) {
        install(JarEdit.version(hostile, "1.0." + (40 + i)));
      }
      assertTrue(events.stream().anyMatch(e -> e.startsWith(leaks) && e.contains("are still in memory") && e.contains("hostile thread")),
          events::toString);
    }
  }

  @Test
  void stateThatThrowsNamesItsDevice() throws IOException {
    install(HostilePlugin.edit().bytes());
    try (Launch launch = launch()) {
      launch.machine().run(new RunLimit(5_000_000L, Long.MAX_VALUE));
      System.setProperty(HostilePlugin.PROPERTY, "state sneak");
      String named = HostilePlugin.NODE + ": " + HostilePlugin.BUNDLE + " " + HostilePlugin.VERSION + " doesn't give its state: ";
      String saved = assertThrows(ModelException.class, () -> launch.save(folder.resolve("snapshot"))).getMessage();
      assertTrue(saved.startsWith(named), saved);
      String digest = assertThrows(ModelException.class, () -> launch.machine().digest()).getMessage();
      assertTrue(digest.startsWith(named), digest);
      var change = product.change().replace(HostilePlugin.BUNDLE, new ByteArrayInputStream(product.jar(HostilePlugin.BUNDLE)));
      assertFalse(change.done());
      assertTrue(change.reason().contains(named), change.reason());
      assertTrue(product.change().remove(HostilePlugin.BUNDLE).done());
      assertTrue(events.toString().contains(named), events::toString);
    }
  }
}
