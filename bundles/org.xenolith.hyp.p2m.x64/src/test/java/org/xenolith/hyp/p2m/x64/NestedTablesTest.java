// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.x64;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.testkit.x64.X64TestHost;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.graph.Interpreter;

class NestedTablesTest {
  private static final long GUEST = 0x12_3456_7000L;
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);
  private final FakeHypervisor hypervisor = new FakeHypervisor(1);

  private DeviceModel install() {
    hypervisor.cpu(0).platformObjects(machine.cpu, new FakeX64Cpu());
    return hypervisor.install("p2m", new NestedTablesComponent());
  }

  /** Whose tables are in use forgets what it has looked up; what changes of others is nothing to it. */
  @Test
  void aCpuForgetsWhatItsOwnTablesSaidBefore() {
    NestedTables tables = (NestedTables) install();
    NestedFormat format = new NestedFormat();
    machine.user();
    new X64TestHost(machine, () -> {
    });
    machine.cpu.cr0 = 1;
    machine.cpu.restored();
    long root = machine.hosts.base;
    for (int level = 0; level < TableFormat.LAST; level++) {
      entry(root, level, format.table(root + 4096L * (level + 1)));
    }
    entry(root, TableFormat.LAST, format.leaf(PageType.RAM, 0x54321, TableFormat.LAST));
    machine.cpu.host.nestedRoot(root);
    assertEquals(0x5432_1000L, machine.cpu.mmu.physical(GUEST, true));
    entry(root, TableFormat.LAST, format.leaf(PageType.RAM, 0x54322, TableFormat.LAST));
    tables.invalidate(root + 4096);
    assertEquals(0x5432_1000L, machine.cpu.mmu.physical(GUEST, true), "other tables");
    tables.invalidate(root);
    assertEquals(0x5432_2000L, machine.cpu.mmu.physical(GUEST, true));
  }

  private void entry(long root, int level, long entry) {
    machine.hosts.write((int) (root - machine.hosts.base + 4096 * level + (GUEST >>> 39 - 9 * level & 511) * 8), 8, entry);
  }

  @Test
  void aDomainsRootIsTheTableThatACpuWalksFrom() {
    install();
    P2mPort p2m = hypervisor.port(P2mPort.class);
    FakeDomain domain = hypervisor.create(2, new DomainSpec("d2", new UUID(0, 2), 1, 64, DomainSpec.Kind.DOMU, 31, 256, 0));
    long frame = FakeMachine.RAM >>> 12;
    assertEquals(0, p2m.map(domain, 0, frame, 1, PageType.RAM));
    NestedFormat format = new NestedFormat();
    long table = p2m.root(domain);
    for (int level = 0; level < TableFormat.LAST; level++) {
      long entry = hypervisor.memory().read64(table);
      assertTrue(format.isTable(entry, level), "level " + level);
      table = entry & 0xF_FFFF_FFFF_F000L;
    }
    assertEquals(format.leaf(PageType.RAM, frame, TableFormat.LAST), hypervisor.memory().read64(table) & ~format.mark(PageType.RAM, true));
  }

  /** Reads of all ones where nothing is may have been noted: who maps something there has to say so. */
  @Test
  void whatIsMappedWhereNothingWasIsToldToCpus() {
    assertTrue(new NestedFormat().remembersAbsence());
  }

  @Test
  void recordsFromBeforeDevicesReadTheTablesAreRefused() {
    DeviceModel model = install();
    StateRecord now = model.state().save();
    assertDoesNotThrow(() -> model.state().restore(now));
    StateRecord before = new StateRecord();
    now.values().forEach((name, value) -> {
      if (!name.equals("entry-form")) {
        before.put(name, value);
      }
    });
    StateMismatch refused = assertThrows(StateMismatch.class, () -> model.state().restore(before));
    assertTrue(refused.getMessage().contains("entry-form"), refused::getMessage);
  }
}
