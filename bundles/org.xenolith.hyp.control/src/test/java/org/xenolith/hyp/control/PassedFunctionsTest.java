// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.hyp.api.VirtualPciPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeStore;
import org.xenolith.xen.abi.SchedOp;

class PassedFunctionsTest {
  private static final String ROLE = "tools";
  private static final int DISK = 0x100;
  private static final int CARD = 0x200;
  private static final int FAR = 0x1_0300;

  @TempDir
  Path folder;
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final FakeStore store = hypervisor.store();
  private final List<Boolean> bridged = new ArrayList<>();
  private FakePci pci;

  private static final class Factory implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("Tools", "", "");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new Toolstack(context, new HostFiles(List.of((image, mode) -> new MemoryDisk()), List.of()));
    }
  }

  @BeforeEach
  void install() {
    pci = new FakePci(hypervisor.dom0(1).serial(), DISK, CARD, FAR);
    hypervisor.service();
    hypervisor.install(ROLE, new Factory()).reset();
    hypervisor.port(DomainBuildersPort.class).claim(FakeBuilder.of((id, spec, image) -> {
      Domain made = hypervisor.create(5, new DomainSpec(spec.name(), spec.handle(), spec.vcpus(), spec.maxPages(), spec.kind(), 31, 256,
          0));
      bridged.add("1".equals(image.options().get("pci")));
      if (bridged.getLast()) {
        hypervisor.port(VirtualPciPort.class).bridge(made);
      }
      return made;
    }), hypervisor.context(ROLE));
    hypervisor.install("pci", pci);
  }

  private String xl(String line) {
    return hypervisor.port(ToolsPort.class).execute(List.of(line.split(" ")));
  }

  private String refused(String line) {
    return assertThrows(HypervisorException.class, () -> xl(line), line).getMessage();
  }

  private String config(String more) throws IOException {
    Path kernel = Files.write(folder.resolve("kernel"), new byte[64]);
    return Files.writeString(folder.resolve("guest.cfg"), "name = 'guest'\nkernel = '" + kernel + "'\n" + more + "\n").toString();
  }

  private Domain guest() {
    return hypervisor.byId(5);
  }

  @Test
  void functionsOfAConfigurationAreThereBeforeTheDomainRuns() throws IOException {
    xl("pci-assignable-add 01:00.0");
    xl("pci-assignable-add 0000:02:00.0");
    assertEquals("0000:01:00.0\n0000:02:00.0\n", xl("pci-assignable-list"));
    String said = xl("create -p " + config("pci = [ '01:00.0', '02:00.0,vslot=1f,permissive=1' ]"));
    assertTrue(said.contains("guest.cfg:3: pci: permissive"), said);
    assertEquals(1, guest().pauseCount());
    assertEquals(List.of(true), bridged);
    assertEquals("Vdev Device\n01.0 0000:01:00.0\n1f.0 0000:02:00.0\n", xl("pci-list guest"));
    assertEquals("", xl("pci-assignable-list"), "they are given away");
    xl("destroy guest");
    assertEquals("0000:01:00.0\n0000:02:00.0\n", xl("pci-assignable-list"));
  }

  @Test
  void domainWhoseFunctionIsRefusedIsNotCreated() throws IOException {
    xl("create " + config(""));
    xl("destroy guest");
    List<String> before = List.copyOf(store.nodes().keySet());
    String config = config("pci = [ '01:00.0', '02:00.0' ]");
    xl("pci-assignable-add 01:00.0");
    assertTrue(refused("create " + config).contains("pci-assignable-add 0000:02:00.0"));
    xl("pci-assignable-add 02:00.0");
    pci.stubborn = CARD;
    assertTrue(refused("create " + config).contains("nothing isolates it"));
    assertNull(guest());
    assertEquals(before, List.copyOf(store.nodes().keySet()));
    assertEquals("0000:01:00.0\n0000:02:00.0\n", xl("pci-assignable-list"));
    assertTrue(refused("create " + config("pci = [ '09:00.0' ]")).contains("no PCI function 0000:09:00.0; Dom0 has found 0000:01:00.0, "));
    assertNull(guest());
  }

  @Test
  void functionsComeAndGoWhileADomainRuns() throws IOException {
    xl("create " + config("pci = [ ]"));
    xl("pci-assignable-add 0001:03:00.0");
    xl("pci-attach guest 0001:03:00.0 0a");
    assertEquals("Vdev Device\n0a.0 0001:03:00.0\n", xl("pci-list 5"));
    assertTrue(refused("pci-attach guest 0001:03:00.0").contains("xl pci-detach guest 0001:03:00.0"));
    assertTrue(refused("pci-assignable-remove 0001:03:00.0").contains("in use"));
    xl("pci-detach guest 0001:03:00.0");
    assertEquals("Vdev Device\n", xl("pci-list guest"));
    xl("pci-assignable-remove 0001:03:00.0");
    assertEquals("", xl("pci-assignable-list"));
    assertEquals("warning: seize isn't supported and left out\n", reattach());
  }

  private String reattach() {
    xl("pci-assignable-add 01:00.0");
    return xl("pci-attach guest 01:00.0,vslot=2,seize=1");
  }

  @Test
  void domainThatStartsAgainHasItsFunctionsAgain() throws IOException {
    xl("pci-assignable-add 01:00.0");
    xl("create " + config("pci = [ '01:00.0@4' ]"));
    int first = guest().serial();
    guest().shutdown(SchedOp.SHUTDOWN_reboot);
    hypervisor.clock().advance(1_000_000_000);
    assertTrue(guest().serial() != first);
    assertEquals("Vdev Device\n04.0 0000:01:00.0\n", xl("pci-list guest"));
    guest().shutdown(SchedOp.SHUTDOWN_poweroff);
    hypervisor.clock().advance(1_000_000_000);
    assertEquals("0000:01:00.0\n", xl("pci-assignable-list"));
  }

  @Test
  void domainWithoutABridgeTakesNothingLater() throws IOException {
    xl("create " + config(""));
    assertEquals(List.of(false), bridged);
    xl("pci-assignable-add 01:00.0");
    assertTrue(refused("pci-attach guest 01:00.0").contains("pci = [ ]"));
  }

  @Test
  void whatCannotBeIsRefusedWithAReason() throws IOException {
    xl("create " + config("pci = [ ]"));
    assertTrue(refused("pci-attach nobody 01:00.0").contains("no domain 'nobody'"));
    assertTrue(refused("pci-attach fake0 01:00.0").contains("guests"));
    assertTrue(refused("pci-attach guest 01:00").contains("0000:01:00.0"));
    assertTrue(refused("pci-attach guest 01:00.0 20").contains("1f"));
    assertTrue(refused("pci-attach guest").contains("usage: xl pci-attach DOMAIN BDF"));
    assertTrue(refused("pci-detach guest 01:00.0").contains("it has none"));
    assertTrue(refused("pci-detach guest 07:00.0").contains("no PCI function"));
    assertTrue(refused("pci-detach fake0 01:00.0").contains("was given no function"), "what Dom0 has nobody gave it");
    assertTrue(refused("pci-assignable-add 07:00.0").contains("no PCI function 0000:07:00.0"));
    assertTrue(refused("pci-assignable-add seven").contains("BUS:DEVICE.FUNCTION"));
    assertTrue(refused("pci-list").contains("usage"));
    assertEquals("Vdev Device\n", xl("pci-list fake0"));
    hypervisor.port(PciDevicesPort.class).detach(pci);
    assertTrue(refused("pci-assignable-add 01:00.0").contains("subsystem pci"));
    assertEquals("", xl("pci-assignable-list"));
  }
}
