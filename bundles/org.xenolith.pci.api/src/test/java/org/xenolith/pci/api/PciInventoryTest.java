// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

class PciInventoryTest {
  private static final PciAddress PORT = new PciAddress(2, 0, 1, 0);
  private static final PciAddress DISK = new PciAddress(2, 1, 0, 0);
  private final Queue<Runnable> posted = new ArrayDeque<>();
  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
      (self, method, words) -> posted.add((Runnable) words[0]));

  private static PciFunctionFacts facts(PciAddress at, Optional<PciOwner> owner, Optional<RequesterId> stream, PciFunctionFacts... below) {
    boolean bridge = below.length > 0;
    return new PciFunctionFacts(at, Optional.of("/pcie/card@0,0"), Optional.empty(), new PciIds(0x1B36, 0x10, 0, 0, 0x01_0802, 2),
        new PciState(false, true, true, 0), List.of(new PciBar(0, PciBar.Kind.MEMORY64, 0x1000_0000, 0x4000)), List.of(),
        new PciInterrupt(PciInterrupt.Mode.MSIX, 1, 0, 4), Optional.empty(), bridge ? Optional.of(new PciBridgeWindows(0, 1, 1, Optional
            .empty(), Optional.empty(), Optional.empty())) : Optional.empty(), stream, Optional.empty(), owner, List.of(below));
  }

  private final PciInventory inventory = new PciInventory() {
    @Override
    public List<PciHostFacts> hosts(Machine asked) {
      return List.of(new PciHostFacts("/pcie", "bridge", 2, 0, List.of(), List.of(facts(PORT, Optional.empty(), Optional.empty(), facts(
          DISK, Optional.empty(), Optional.empty())))));
    }

    @Override
    public Optional<byte[]> config(Machine asked, PciAddress function) {
      throw new IllegalStateException("nothing to read");
    }
  };

  @Test
  void anAddressIsWhatLspciWrites() {
    PciAddress address = PciAddress.of(0x12, 0x3F << 8 | 0x1F << 3 | 7);
    assertEquals(new PciAddress(0x12, 0x3F, 0x1F, 7), address);
    assertEquals("0012:3f:1f.7", address.toString());
    assertEquals(0x3FFF, address.rid());
    for (int[] wrong : new int[][] {{-1, 0, 0, 0}, {0x1_0000, 0, 0, 0}, {0, 256, 0, 0}, {0, 0, 32, 0}, {0, 0, 0, 8}}) {
      assertThrows(IllegalArgumentException.class, () -> new PciAddress(wrong[0], wrong[1], wrong[2], wrong[3]));
    }
  }

  @Test
  void aBarHasTheSizesThatThereAre() {
    assertThrows(IllegalArgumentException.class, () -> new PciBar(1, PciBar.Kind.IO, 0, 24));
    assertEquals("BAR 0 memory64 0x10000000..0x10003fff", inventory.function(machine, DISK).orElseThrow().bars().getFirst().toString());
  }

  @Test
  void functionsBehindBridgesAreFound() {
    assertEquals(List.of(PORT, DISK), inventory.hosts(machine).getFirst().all().map(PciFunctionFacts::address).toList());
    assertEquals(DISK, inventory.function(machine, DISK).orElseThrow().address());
    assertEquals(Optional.empty(), inventory.function(machine, new PciAddress(0, 1, 0, 0)), "another segment");
  }

  @Test
  void listsCannotBeChangedAfterwards() {
    List<PciFunctionFacts> functions = new ArrayList<>();
    PciHostFacts host = new PciHostFacts("/pcie", "bridge", 0, 0, List.of(), functions);
    functions.add(facts(DISK, Optional.empty(), Optional.empty()));
    assertEquals(List.of(), host.functions());
  }

  @Test
  void aLineTellsWhatAPersonAsksFor() {
    PlatformNode smmu = new PlatformNode("/smmu@1", "smmu@1", "/", List.of(), List.of(), true, List.of(), List.of(), Map.of());
    PciOwner guest = new PciOwner(PciOwner.State.GUEST, Optional.of("web"), Optional.of(new PciAddress(0, 0, 1, 0)));
    assertEquals("01:00.0 1b36:0010 class 010802  card@0,0  no model  stream 0x100 of smmu@1, owner web as 00:01.0", facts(DISK, Optional
        .of(
            guest), Optional.of(new RequesterId(smmu, 0x100))).summary());
    assertEquals("00:01.0 1b36:0010 class 010802 to bus 01..01  card@0,0  no model", inventory.hosts(machine).getFirst().functions()
        .getFirst().summary());
    assertEquals("owner a domain that is gone as 00:01.0", new PciOwner(PciOwner.State.GUEST, Optional.empty(), guest.guestPlace())
        .toString());
  }

  @Test
  void aQuestionIsAnsweredOnTheMachinesThread() {
    CompletableFuture<Integer> answer = inventory.ask(machine, asked -> asked.hosts(machine).size());
    assertFalse(answer.isDone());
    posted.remove().run();
    assertEquals(1, answer.join());
    CompletableFuture<Optional<byte[]>> thrown = inventory.ask(machine, asked -> asked.config(machine, DISK));
    posted.remove().run();
    assertTrue(assertThrows(CompletionException.class, thrown::join).getCause().getMessage().contains("nothing to read"));
  }
}
