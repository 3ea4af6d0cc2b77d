// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainBuildersPort;
import org.xenolith.hyp.api.DomainFirmwareKind;
import org.xenolith.hyp.api.DomainImage;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.StateRecord;
import org.xenolith.share.api.FoldersPort;
import org.xenolith.share.api.SharedFolder;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeStore;
import org.xenolith.xen.abi.SchedOp;

class ToolstackTest {
  private static final String ROLE = "tools";
  private static final String VIFS = "/local/domain/1/backend/vif/5";

  private static final List<DomainFirmwareKind> FIRMWARE = new ArrayList<>();

  @TempDir
  Path folder;
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final FakeStore store = hypervisor.store();
  private final VirtualDisks disks = hypervisor.port(VirtualDisks.class);
  private final List<DomainImage> images = new ArrayList<>();
  private Path config;

  private static final class Factory implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("Tools", "", "");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new Toolstack(context, new HostFiles(List.of(new Slow()), FIRMWARE));
    }
  }

  /** A format that takes its time for one image. */
  private static final class Slow implements BlockDeviceFactory {
    @Override
    public BlockDevice open(Path image, Mode mode) {
      return new MemoryDisk();
    }

    @Override
    public BlockDevice open(String name, Mode mode, Map<String, String> settings, Consumer<String> progress) throws IOException {
      if (name.endsWith(".gz")) {
        progress.accept("unpacking " + Path.of(name).getFileName() + ": 1.0 of 2.0 MiB, about 3 s left");
      }
      return open(name, mode, settings);
    }
  }

  @BeforeEach
  void install() throws IOException {
    MemoryDisk.OPEN.clear();
    FIRMWARE.clear();
    images.clear();
    hypervisor.dom0(1);
    hypervisor.service();
    hypervisor.install(ROLE, new Factory()).reset();
    hypervisor.port(DomainBuildersPort.class).claim(FakeBuilder.of((id, spec, image) -> {
      images.add(image);
      return hypervisor.create(id < 0 ? 5 : id, new DomainSpec(spec.name(), spec.handle(), spec.vcpus(), spec.maxPages(), spec.kind(), 31,
          256, 0));
    }), hypervisor.context(ROLE));
    Path kernel = Files.write(folder.resolve("kernel"), new byte[64]);
    config = Files.writeString(folder.resolve("guest.cfg"), "name = 'guest'\nkernel = '" + kernel
        + "'\ndisk = [ 'a.img,raw,xvda,rw' ]\nvif = [ '' ]\nunknown = 1\n");
  }

  private String xl(String line) {
    return hypervisor.port(ToolsPort.class).execute(List.of(line.split(" ")));
  }

  private Domain guest() {
    return hypervisor.byId(5);
  }

  @Test
  void whatADisksImageTakesIsTold() {
    xl("create " + config);
    assertEquals(List.of(), told());
    xl("block-attach guest file:b.img.gz,xvdb,r");
    assertEquals(List.of("guest: unpacking b.img.gz: 1.0 of 2.0 MiB, about 3 s left"), told());
  }

  private List<String> told() {
    return hypervisor.context(ROLE).reportedEvents().stream().filter(event -> event.kind().equals("disk-prepared")).map(event -> event
        .place()
        + ": " + event.text()).toList();
  }

  @Test
  void createdDomainHasItsDevicesAndAWarningForWhatIsUnknown() {
    String said = xl("create " + config);
    assertTrue(said.contains("guest.cfg:5: unknown"), said);
    assertEquals("1", store.read("/local/domain/1/backend/vbd/5/51712/state"));
    assertEquals("1", store.read(VIFS + "/0/state"));
    assertEquals(Set.of(guest().serial() + "/51712:a.img"), disks.names());
    assertEquals(0, guest().pauseCount());
  }

  @Test
  void foldersOfADomainHaveTheirNodesAndArePlacesForWhoServesThem() throws IOException {
    FoldersPort folders = hypervisor.port(FoldersPort.class);
    Files.writeString(config, Files.readString(config) + "p9 = [ 'tag=src, path=/some/where/src, security_model=none, readonly', "
        + "'path=/another/src,tag=out,backend=0,colour=red' ]\n");
    String said = xl("create " + config);
    assertTrue(said.contains("guest.cfg:6: p9: backend=0 isn't supported and left out") && said.contains("'colour=red' is no key of p9"),
        said);
    String key = "%05d/".formatted(guest().serial());
    assertEquals(Map.of(key + "0", new SharedFolder("/some/where/src", true, "guest: p9 'src', /some/where/src",
        "mount -t 9p -o trans=xen,version=9p2000.L,msize=262144,ro src /mnt"), key + "1", new SharedFolder("/another/src", false,
            "guest: p9 'out', /another/src", "mount -t 9p -o trans=xen,version=9p2000.L,msize=262144 out /mnt")), folders.folders());
    assertEquals("src", store.read("/local/domain/1/backend/9pfs/5/0/path"));
    assertEquals("src~2", store.read("/local/domain/1/backend/9pfs/5/1/path"));
    assertEquals("none", store.read("/local/domain/1/backend/9pfs/5/1/security_model"));
    assertEquals("out", store.read("/local/domain/5/device/9pfs/1/tag"));
    xl("destroy guest");
    assertEquals(Map.of(), folders.folders());
    assertNull(store.read("/local/domain/1/backend/9pfs/5/0/path"));
  }

  @Test
  void aFolderThatCantBeMeantIsRefusedWithTheLine() throws IOException {
    String before = Files.readString(config);
    for (String wrong : List.of("'path=/src'", "'tag=src'", "'tag=../x,path=/src'", "'tag=src,path=/src,security_model=mapped'",
        "'tag=src,path=/src', 'tag=src,path=/other'")) {
      Files.writeString(config, before + "p9 = [ " + wrong + " ]\n");
      String complaint = assertThrows(HypervisorException.class, () -> xl("create " + config)).getMessage();
      assertTrue(complaint.contains("guest.cfg:6: p9: "), complaint);
    }
    assertNull(guest());
  }

  private record Named(String name, Path file) implements DomainFirmwareKind {
    @Override
    public String description() {
      return "for a test";
    }

    @Override
    public int mostTree() {
      return 8128;
    }
  }

  private DomainImage firmware(String name) throws IOException {
    xl("create " + Files.writeString(config, "name = 'guest'\nmemory = 256\nfirmware = '" + name + "'\n"));
    xl("destroy guest");
    return images.getLast();
  }

  @Test
  void firmwareIsOneThatIsInstalledOrAFile() throws IOException {
    Path file = Files.write(folder.resolve("XEN_EFI.fd"), new byte[] {1, 2});
    Path other = Files.write(folder.resolve("other.fd"), new byte[] {3});
    FIRMWARE.add(new Named("known", file));
    DomainImage known = firmware("known");
    assertArrayEquals(new byte[] {1, 2}, known.kernel());
    assertEquals(Map.of(DomainImage.FIRMWARE, "1", DomainImage.MOST_TREE, "8128"), known.options());
    assertEquals(256L << 20, known.memory());
    DomainImage own = firmware(other.toString());
    assertArrayEquals(new byte[] {3}, own.kernel());
    assertEquals(Map.of(DomainImage.FIRMWARE, "1"), own.options());
    String complaint = assertThrows(HypervisorException.class, () -> firmware("nothing")).getMessage();
    assertTrue(complaint.contains("guest.cfg: firmware: can't read 'nothing': there is no such file")
        && complaint.contains("known (for a test)"), complaint);
  }

  @Test
  void destroyedDomainLeavesNothing() {
    xl("create " + config);
    xl("destroy guest");
    List<String> first = List.copyOf(store.nodes().keySet());
    xl("create " + config);
    xl("block-attach guest b.img,raw,xvdb,ro");
    xl("network-attach guest");
    xl("destroy guest");
    assertEquals(first, List.copyOf(store.nodes().keySet()));
    assertEquals(Set.of(), disks.names());
    assertEquals(List.of(), MemoryDisk.OPEN);
  }

  /** A back end that is asked to go takes its time; only then its image is closed. */
  @Test
  void detachedDiskIsClosedWhenItsBackEndHasLetGo() {
    xl("create " + config);
    xl("block-attach guest b.img,raw,xvdb,rw");
    xl("block-detach guest xvdb");
    String back = "/local/domain/1/backend/vbd/5/51728";
    assertEquals("0", store.read(back + "/online"));
    hypervisor.clock().advance(1_000_000_000);
    assertEquals(2, disks.names().size());
    store.write(back + "/state", "6");
    hypervisor.clock().advance(1_000_000_000);
    assertNull(store.read(back));
    assertEquals(1, disks.names().size());
  }

  /** A front end that was unloaded closes its device, which nobody asked to go. */
  @Test
  void deviceThatClosedByItselfStaysWhenAnotherOneGoes() {
    xl("create " + config);
    xl("network-attach guest");
    store.write(VIFS + "/0/state", "6");
    xl("network-detach guest 1");
    store.write(VIFS + "/1/state", "6");
    hypervisor.clock().advance(1_000_000_000);
    assertEquals(List.of("0"), store.list(VIFS));
  }

  @Test
  void freeNumbersOfInterfacesGetAddressesOfTheirOwn() {
    xl("create " + config);
    xl("network-attach guest");
    String one = store.read(VIFS + "/1/mac");
    xl("network-detach guest 0");
    store.write(VIFS + "/0/state", "6");
    hypervisor.clock().advance(1_000_000_000);
    xl("network-attach guest");
    assertEquals(one, store.read(VIFS + "/1/mac"));
    assertFalse(one.equals(store.read(VIFS + "/0/mac")), "two interfaces have the address " + one);
  }

  /** What was attached at run time is in no configuration file. */
  @Test
  void imagesOfARecordAreOpenedAgain() throws IOException {
    xl("create " + config);
    xl("block-attach guest b.img,raw,xvdb,ro");
    List<String> names = List.copyOf(disks.names());
    StateRecord record = hypervisor.remove(ROLE);
    StateRecord kept = disks.state().save();
    for (String name : names) {
      disks.detach(name);
    }
    disks.state().restore(kept);
    hypervisor.bringBack(ROLE, new Factory(), record);
    assertEquals(Set.of(), disks.missing());
    assertEquals(names, List.copyOf(disks.names()));
  }

  @Test
  void deviceThatIsThereIsNotAttachedTwice() {
    xl("create " + config);
    assertTrue(assertThrows(HypervisorException.class, () -> xl("block-attach guest c.img,raw,xvda,rw")).getMessage().contains("already"));
    assertEquals(1, disks.names().size());
  }

  @Test
  void namesTheDomainsThatThereAreWhenOneIsUnknown() {
    assertTrue(assertThrows(HypervisorException.class, () -> xl("pause nobody")).getMessage().contains("fake0"));
    assertTrue(assertThrows(HypervisorException.class, () -> xl("destroy fake0")).getMessage().contains("needs it"));
  }

  @Test
  void crashOfDom0IsToldBeforeTheMachineIsReset() {
    hypervisor.byId(0).shutdown(SchedOp.SHUTDOWN_crash);
    hypervisor.clock().advance(1);
    assertEquals(1, hypervisor.context(ROLE).power().resets());
    assertEquals("Domain-0 crashed", hypervisor.context(ROLE).power().why());
    assertEquals(List.of("guest-panic"), hypervisor.context(ROLE).reportedEvents().stream().map(FakeContext.Event::kind).toList());
  }

  @Test
  void rebootOfDom0IsNoCrash() {
    hypervisor.byId(0).shutdown(SchedOp.SHUTDOWN_reboot);
    hypervisor.clock().advance(1);
    assertEquals(1, hypervisor.context(ROLE).power().resets());
    assertEquals("Domain-0 reboots", hypervisor.context(ROLE).power().why());
    assertEquals(List.of(), hypervisor.context(ROLE).reportedEvents());
  }

  @Test
  void watchdogOfDom0ResetsTheMachine() {
    hypervisor.byId(0).shutdown(SchedOp.SHUTDOWN_watchdog);
    hypervisor.clock().advance(1);
    assertEquals("Domain-0 was found dead by its watchdog", hypervisor.context(ROLE).power().why());
  }

  @Test
  void builderIsChosenByItsNameWhereSeveralTakeADomain() throws IOException {
    DomainBuildersPort builders = hypervisor.port(DomainBuildersPort.class);
    builders.claim(FakeBuilder.of("other", (id, spec, image) -> hypervisor.create(6, new DomainSpec("by other", spec.handle(), 1, 1, spec
        .kind(), 31, 256, 0))), hypervisor.context(ROLE));
    String message = assertThrows(HypervisorException.class, () -> xl("create " + config)).getMessage();
    assertTrue(message.contains("several builders take it: fake (anything), other (anything)"), message);
    String text = Files.readString(config);
    Files.writeString(config, text + "builder = 'generic'\n");
    assertThrows(HypervisorException.class, () -> xl("create " + config), "what xl once had for values names none");
    Files.writeString(config, text + "builder = 'absent'\n");
    message = assertThrows(HypervisorException.class, () -> xl("create " + config)).getMessage();
    assertTrue(message.contains("no builder absent is installed; there are fake (anything), other"), message);
    Files.writeString(config, text + "builder = 'other'\n");
    xl("create " + config);
    assertEquals("by other", hypervisor.byId(6).name());
  }

  @Test
  void permissionsAreShownForOneDomainOrAll() {
    Domain dom0 = hypervisor.byId(0);
    dom0.permissions().permit(new Frames(0x9000, 0x9003));
    dom0.permissions().permit(new Frames(0xa000, 0xa000));
    for (int intid : new int[] {33, 34, 35, 40, 50, 51}) {
      dom0.permissions().interrupt(intid, true);
    }
    assertEquals("""
        Rangesets belonging to domain 0:
            Interrupts { 33-35, 40, 50-51 }
            I/O Memory { 9000-9003, a000 }
        """, xl("permissions 0"));
    String all = xl("permissions");
    assertTrue(all.startsWith("Rangesets belonging to domain 0:") && all.contains("domain 1:\n    Interrupts {  }\n    I/O Memory {  }\n"),
        all);
  }

  // ---- The last domain

  private FakeContext host() {
    return hypervisor.context(ROLE);
  }

  private void end(Domain domain, int reason) {
    domain.shutdown(reason);
    hypervisor.clock().advance(1);
  }

  @Test
  void theMachineGoesOnBesideDom0() {
    xl("create " + config);
    end(guest(), SchedOp.SHUTDOWN_poweroff);
    assertEquals(0, host().power().powerOffs());
  }

  @Test
  void theMachineIsPoweredOffWhenTheLastDomainPowersOff() {
    hypervisor.destroy(hypervisor.byId(0));
    xl("create " + config);
    assertEquals(0, host().power().powerOffs());
    end(guest(), SchedOp.SHUTDOWN_poweroff);
    assertEquals(1, host().power().powerOffs());
  }

  @Test
  void whatTheLastDomainFailedByIsTold() {
    hypervisor.destroy(hypervisor.byId(0));
    xl("create " + config);
    end(guest(), SchedOp.SHUTDOWN_crash);
    assertEquals(1, host().power().powerOffs());
    assertTrue(host().reportedEvents().toString().contains("last-domain-failed"), host().reportedEvents()::toString);
  }

  // ---- Words of xl(1)

  @Test
  void optionsMayStandAnywhereAndValuesBehindTheFileCountFirst() {
    String said = xl("create -c " + config + " memory=300 extra='a b' vif=[ 'mac=00:16:3e:00:00:09' ]");
    assertTrue(said.startsWith("warning: create: -c isn't supported and left out: \"xl console DOMAIN\"") && said.contains(
        "created domain 5"),
        said);
    assertEquals(300L << 20, images.getLast().memory());
    assertEquals("a b", images.getLast().commandLine());
    assertEquals("00:16:3e:00:00:09", store.read(VIFS + "/0/mac"));
    assertEquals("warning: shutdown: -w isn't supported and left out: commands don't wait; \"xl list\" shows when it is gone\n"
        + "asked guest to poweroff\n", xl("shutdown -w guest"));
    end(guest(), SchedOp.SHUTDOWN_reboot);
    assertEquals(300L << 20, images.getLast().memory(), "what was said at its creation counts when it starts again");
    assertEquals(2, images.size());
  }

  @Test
  void optionsOfCreateAreServed() {
    assertTrue(xl("create -n " + config).endsWith("would create domain guest\n"));
    assertEquals(0, images.size());
    assertTrue(xl("create --quiet -p --defconfig=" + config).matches("warning: [^\n]*unknown[^\n]*\n"));
    assertEquals(1, guest().pauseCount());
    xl("destroy -f guest");
    assertTrue(xl("create name='other' " + config).contains("created domain 5 other"));
  }

  @Test
  void fileThatIsNamedByAnOptionMayLookLikeAnything() throws IOException {
    Path odd = Files.copy(config, folder.resolve("a b=c.cfg"));
    assertTrue(hypervisor.port(ToolsPort.class).execute(List.of("create", "-f", odd.toString())).contains("created domain 5 guest"));
  }

  @Test
  void wordsThatAreNotXlsAreRefusedWithTheUsage() {
    for (String wrong : List.of("create -x " + config, "create -c", "create memory=5", "list --wide", "shutdown -z guest", "dmesg -q",
        "create --defconfig")) {
      String says = assertThrows(HypervisorException.class, () -> xl(wrong), wrong).getMessage();
      assertTrue(says.contains("usage: xl " + wrong.split(" ")[0]), says);
    }
    String says = assertThrows(HypervisorException.class, () -> xl("create " + config + " memory=lots")).getMessage();
    assertTrue(says.startsWith("create: 'memory=lots':1: expected a number"), says);
  }

  @Test
  void listSaysMoreWhenItIsAskedTo() {
    xl("create " + config);
    assertTrue(xl("list").lines().allMatch(line -> !line.contains("UUID")), xl("list"));
    List<String> lines = xl("list -v guest").lines().toList();
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("UUID") && lines.get(1).contains(guest().handle().toString()) && lines.get(1).endsWith(" -"),
        lines::toString);
    assertTrue(xl("list -l").startsWith("warning: list: -l isn't supported and left out: "), xl("list -l"));
    assertEquals("asked guest to reboot\n", xl("reboot -a"));
  }

  @Test
  void wordsOfADiskAreLeftOutAtRunTimeAsInAFile() {
    xl("create " + config);
    assertEquals("warning: block-attach: disk: discard isn't supported and left out\n", xl("block-attach guest phy:b.img,xvdb,w,discard"));
    assertEquals("", xl("block-attach guest vdev=xvdc target=c.img"));
    assertEquals("warning: network-attach: vif: mtu=9000 isn't supported and left out\n", xl("network-attach guest mtu=9000"));
    assertEquals(3, disks.names().size());
  }
}
