// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.Machines;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.hang.Watchdog;
import org.xenolith.platform.api.Platform.Timing;

/** What needs no framework; the changes themselves are tested with the product. */
final class BundleChangeTest {
  private static final String BUNDLE = "toy.bundle";

  private static byte[] jar() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", BUNDLE);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new JarOutputStream(out, manifest).close();
    return out.toByteArray();
  }

  @Test
  void changesOnAMachinesThreadAreRefused() throws IOException {
    Machines machines = new Machines();
    CoreMachine machine = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.x[1]++).build();
    machines.opened(machine);
    BundleChange change = new BundleChange(null, machines, new Watchdog(null));
    byte[] jar = jar();
    List<Change> results = new ArrayList<>();
    machine.post(() -> {
      try {
        results.add(change.replace(BUNDLE, new ByteArrayInputStream(jar)));
        results.add(change.add(new ByteArrayInputStream(jar)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      results.add(change.remove(BUNDLE));
    });
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    assertEquals(Map.of(), machine.events());
    assertEquals(3, results.size());
    for (Change result : results) {
      assertFalse(result.done());
      assertEquals(BUNDLE, result.symbolicName());
      assertTrue(result.reason().contains("from another thread"), result.reason());
    }
  }

  @Test
  void onlyTheThreadThatRunsAMachineOwnsIt() {
    Machines machines = new Machines();
    CoreMachine machine = new ToyMachine(1, new Timing(1000, 100), cpu -> cpu.x[1]++).build();
    machines.opened(machine);
    assertFalse(machines.owned());
    List<Boolean> inside = new ArrayList<>();
    machine.post(() -> inside.add(machines.owned()));
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    machine.run(new RunLimit(Long.MAX_VALUE, 1000));
    assertEquals(List.of(true), inside);
    assertFalse(machines.owned());
  }
}
