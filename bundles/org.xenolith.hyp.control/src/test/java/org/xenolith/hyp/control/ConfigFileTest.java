// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypervisorException;

class ConfigFileTest {
  private static DomainConfig read(String text) {
    return DomainConfig.read("a.cfg", text);
  }

  private static String complaint(String text) {
    return assertThrows(HypervisorException.class, () -> read(text)).getMessage();
  }

  @Test
  void fileInTheManualsSyntaxIsRead() {
    DomainConfig config = read("""
        # a domain
        name = "one"; memory = 0x40
        kernel = '/boot/vmlinuz'   # the kernel
        root = "/dev/xvda"
        extra = "ro"
        vcpus = 2
        disk = [ 'a.img,raw,xvda,rw',
                 'vdev=xvdb,access=ro,target=b.img', ]
        vif = [ 'mac=00:16:3e:00:00:01,bridge=xenbr1' ]
        on_crash = "preserve"
        """);
    assertEquals("one", config.name());
    assertEquals(64, config.memory());
    assertEquals(2, config.vcpus());
    assertEquals("root=/dev/xvda ro", config.line());
    assertEquals(List.of(new DiskSpec("a.img", "xvda", "rw"), new DiskSpec("b.img", "xvdb", "ro")), config.disks());
    assertEquals(List.of(new VifSpec("00:16:3e:00:00:01", "xenbr1")), config.interfaces());
    assertEquals("preserve", config.actions().get("crash"));
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void firmwareStandsInThePlaceOfAKernel() {
    DomainConfig config = read("name = 'a'\nfirmware = 'armvirtxen'\nextra = 'ro'\nramdisk = 'r'\nmemory = 256");
    assertEquals("armvirtxen", config.firmware());
    assertEquals("", config.kernel() + config.ramdisk() + config.line());
    assertEquals(List.of("a.cfg:4: ramdisk", "a.cfg:3: extra"), config.warnings().stream().map(w -> w.replaceFirst(" is a .*", ""))
        .toList());
    assertTrue(complaint("name = 'a'\nkernel = 'k'\nfirmware = 'f'").startsWith("a.cfg:3: firmware: stands there with kernel"));
    assertTrue(complaint("name = 'a'\nfirmware = ''").contains("or firmware"));
    assertTrue(complaint("name = 'a'\nfirmware = [ 'f' ]").contains("expected one value"));
  }

  @Test
  void messagesNameFileLineAndRemedy() {
    String begin = "name = 'a'\nkernel = 'k'\n";
    assertTrue(complaint("name 'a'").startsWith("a.cfg:1: "), complaint("name 'a'"));
    assertTrue(complaint(begin + "memory = 'much'").startsWith("a.cfg:3: memory"), complaint(begin + "memory = 'much'"));
    assertTrue(complaint(begin + "disk = [ 'x' ]").contains("xvda"), complaint(begin + "disk = [ 'x' ]"));
    assertTrue(complaint(begin + "disk = [ 'x'").contains("]"), complaint(begin + "disk = [ 'x'"));
    assertTrue(complaint(begin + "on_crash = 'explode'").contains("preserve"), complaint(begin + "on_crash = 'explode'"));
    assertTrue(complaint(begin + "vif = [ 'mac=1' ]").contains("00:16:3e"), complaint(begin + "vif = [ 'mac=1' ]"));
  }

  @Test
  void unknownKeyIsAWarningWithItsLine() {
    List<String> warnings = read("name = 'a'\n\nkernel = 'k'\nusbdev = [ '1' ]\n").warnings();
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().startsWith("a.cfg:4: usbdev "), warnings::toString);
  }

  private static DomainConfig pci(String list) {
    return read("name = 'a'\nkernel = 'k'\npci = " + list);
  }

  private static String pciComplaint(String list) {
    String message = assertThrows(HypervisorException.class, () -> pci(list)).getMessage();
    assertTrue(message.startsWith("a.cfg:3: pci: "), message);
    return message;
  }

  @Test
  void functionsAreNamedAsTheManualDoes() {
    assertNull(read("name = 'a'\nkernel = 'k'").pci());
    assertEquals(List.of(), pci("[ ]").pci());
    DomainConfig config = pci("[ '01:00.0', '0001:02:1f.7@3,permissive=1', 'bdf=03:00.1, vslot=0x1f, rdm_policy=strict, seize=0' ]");
    assertEquals(List.of(0x100, 0x1_02FF, 0x301), config.pci().stream().map(PciSpec::sbdf).toList());
    assertEquals(List.of(-1, 3 << 3, 31 << 3), config.pci().stream().map(PciSpec::slot).toList());
    assertEquals(3, config.warnings().size(), config.warnings()::toString);
    assertTrue(config.warnings().getFirst().startsWith("a.cfg:3: pci: permissive"), config.warnings()::toString);
  }

  @Test
  void functionsThatCannotBeMeantAreRefusedWithTheirForm() {
    assertTrue(pciComplaint("'01:00.0'").contains("list"));
    for (String wrong : List.of("", "01:00", "01:00.8", "1:20.0", "x", "10000:01:00.0", "01:00.0 02:00.0")) {
      assertTrue(pciComplaint("[ '" + wrong + "' ]").contains("0000:01:00.0"), wrong);
    }
    assertTrue(pciComplaint("[ '01:00.*' ]").contains("by itself"));
    for (String wrong : List.of("20", "x", "-1", "100")) {
      assertTrue(pciComplaint("[ '01:00.0@" + wrong + "' ]").contains("1f"), wrong);
    }
    assertTrue(pciComplaint("[ '01:00.0@' ]").contains("@"));
    assertTrue(pciComplaint("[ '01:00.0,,' ]").contains("vslot"));
    assertTrue(pciComplaint("[ '01:00.0,permissive=yes' ]").contains("0 or 1"));
    assertTrue(pciComplaint("[ '01:00.0,rdm_policy=maybe' ]").contains("relaxed"));
    assertTrue(pciComplaint("[ '01:00.0,02:00.0' ]").contains("02:00.0"));
    assertTrue(pciComplaint("[ '01:00.0', '0000:01:00.0' ]").contains("same"));
    assertTrue(pciComplaint("[ '01:00.0@2', '02:00.0@2' ]").contains("slot"));
  }

  @Test
  void numbersOfDisksAreThoseOfTheManual() {
    assertEquals(51712, DiskSpec.number("xvda"));
    assertEquals(51713, DiskSpec.number("xvda1"));
    assertEquals(51728, DiskSpec.number("xvdb"));
    assertEquals(268_439_552, DiskSpec.number("xvdq"));
    assertEquals(-1, DiskSpec.number("sda"));
  }

  @Test
  void numbersOutOfRangeAreRefusedInsteadOfCut() {
    String begin = "name = 'a'\nkernel = 'k'\n";
    for (String bad : List.of("vcpus = 4294967297", "cpu_weight = 4294967552", "cpu_weight = 0", "cap = 4294967296", "cap = -1",
        "cap = 101",
        "memory = 99999999999", "vcpus = 0")) {
      String says = complaint(begin + bad);
      assertTrue(says.startsWith("a.cfg:3: ") && says.contains("expected ") && says.contains("got "), says);
    }
    assertEquals(200, read(begin + "vcpus = 2\ncap = 200").cap());
    assertEquals(65535, read(begin + "cpu_weight = 0xffff").weight());
  }

  private static final String BEGIN = "name = 'a'\nkernel = 'k'\n";

  @Test
  void textsHaveEscapesAndValuesAreAppendedTo() {
    DomainConfig config = read("\uFEFFname = 'it\\'s'\r\nkernel = \"k\"\r\nextra = \"a=\\\"b\\\" \\\\ \\x41\\102\"\r\nextra += ' c'\r\n"
        + "disk = [ 'a,raw,xvda' ] ; disk += [\r\n 'b,raw,xvdb,ro' , # the second\r\n]\r\nvnuma = [ [ 'pnode=0', 'size=64' ], [ 'pnode=1' ] ]\r\n");
    assertEquals("it's", config.name());
    assertEquals("k", config.kernel());
    assertEquals("a=\"b\" \\ AB c", config.line());
    assertEquals(List.of(new DiskSpec("a", "xvda", "rw"), new DiskSpec("b", "xvdb", "ro")), config.disks());
    assertEquals(1, config.warnings().size(), config.warnings()::toString);
    assertTrue(config.warnings().getFirst().startsWith("a.cfg:8: vnuma "), config.warnings()::toString);
  }

  @Test
  void whatLibxlusGrammarRefusesIsRefusedWithItsLine() {
    assertTrue(complaint(BEGIN + "extra = 'a\\q'").startsWith("a.cfg:3: a text has \\q"), complaint(BEGIN + "extra = 'a\\q'"));
    for (String wrong : List.of("extra = 'a\\", "extra = 'a\\x1'", "disk = [ 'a' 'b' ]", "disk = [ , ]", "disk = [ 'a',, 'b' ]",
        "vnuma = [ [ 'a' ]",
        "extra = 'a'\nextra += [ 'b' ]", "disk = [ [ 'a,raw,xvda' ] ]", "vnuma = " + "[".repeat(100_000), "memory + 5")) {
      assertTrue(complaint(BEGIN + wrong).matches("(?s)a\\.cfg:[34]: .*"), complaint(BEGIN + wrong));
    }
  }

  private static DomainConfig disk(String line) {
    return read(BEGIN + "disk = [ \"" + line + "\" ]");
  }

  private static void served(String line, String target, String device, String access, String... warnings) {
    DomainConfig config = disk(line);
    assertEquals(List.of(new DiskSpec(target, device, access)), config.disks(), line);
    assertEquals(warnings.length, config.warnings().size(), config.warnings()::toString);
    for (int i = 0; i < warnings.length; i++) {
      assertTrue(config.warnings().get(i).startsWith("a.cfg:3: disk: " + warnings[i]), config.warnings()::toString);
    }
  }

  /** Lines of people's files: behind a prefix there is no format. */
  @Test
  void diskLinesOfTheFieldAreRead() {
    served("phy:/dev/vg0/one,xvda2,w", "/dev/vg0/one", "xvda2", "rw");
    served("file:/tmp/one.img,xvda1,r", "/tmp/one.img", "xvda1", "ro");
    served("tap:aio:/tmp/one.img,xvda,w", "/tmp/one.img", "xvda", "rw");
    served("tap2:raw:one.img,xvda", "one.img", "xvda", "rw");
    served("ioemu:file:one.img,xvda:disk,w!", "one.img", "xvda", "w!");
    served("aio:one.img, xvdb ,", "one.img", "xvdb", "rw");
    served("one.img,,xvda,r", "one.img", "xvda", "ro");
    served("raw:one.img,xvda,w", "one.img", "xvda", "rw");
    served("format=raw, vdev=xvda, access=rw, target=/tmp/a,b=c,", "/tmp/a,b=c", "xvda", "rw");
    served("one.img,vdev=xvdaa,access=", "one.img", "xvdaa", "rw");
    served("host:3.img,raw,xvda", "host:3.img", "xvda", "rw");
    served("backend=0, backendtype=phy, format=raw, vdev=xvda, access=rw, discard, script=block-x, direct-io-safe, target=/tmp/one.img",
        "/tmp/one.img", "xvda", "rw", "backend=0 isn't supported", "backendtype=phy ", "discard ", "script=block-x ", "direct-io-safe ");
    served("one.img,raw,xvda,w,no-discard,colo,colo-host=h,colo-port=1,active-disk=a,trusted,specification=xen,grant_usage=1", "one.img",
        "xvda", "rw", "no-discard ", "colo ", "colo-host=h ", "colo-port=1 ", "active-disk=a ", "trusted ", "specification=xen ",
        "grant_usage=1 ");
    served("one.img,raw,xvda,w,future=1", "one.img", "xvda", "rw", "future is no key of xl-disk-configuration(5) and left out");
    served("one.iso,raw,xvdc:cdrom,w", "one.iso", "xvdc", "ro", "a CD drive isn't supported");
    served("one.iso,raw,xvdc,devtype=cdrom", "one.iso", "xvdc", "ro", "a CD drive isn't supported");
  }

  private static void refused(String line, String why) {
    String says = assertThrows(HypervisorException.class, () -> disk(line), line).getMessage();
    assertTrue(says.startsWith("a.cfg:3: disk: ") && says.contains(why), says);
  }

  @Test
  void disksThatCannotBeServedAreNamedForWhatTheyAre() {
    refused("/tmp/one.img,raw,sda,w", "device sda is an emulated SCSI disk, which isn't supported; name a paravirtual one, such as xvda");
    refused("phy:/dev/vg0/one,hda1,w", "device hda1 is an emulated IDE disk");
    refused(",hdc:cdrom,r", "IDE disk");
    refused(",xvdc:cdrom,r", "empty drive");
    refused("one.img,qcow2,xvda", "format qcow2 isn't supported; make a raw image");
    refused("qcow2:one.img,xvda", "format qcow2 isn't supported");
    refused("one.img,xvda,w", "'xvda' stands where the format does");
    refused("nbd:host,xvda,w", "a script of Dom0's");
    refused("foo:/one.img,raw,xvda", "'foo:' is no prefix that xl knows");
    refused("target=one.img,vdev=xvda", "stands last");
    refused("/a=b.img,raw,xvda", "target=PATH");
    refused("one.img,raw,xvda,w,x", "one word too many");
    refused("one.img,raw,xvda,maybe", "access maybe");
    refused("a\\nb,raw,xvda", "control character");
    refused("one.img,format=empty,vdev=xvda", "empty drive");
    refused("", "expected an image");
  }

  @Test
  void keysOfInterfacesThatAreNotServedAreNamedAndLeftOut() {
    DomainConfig config = read(BEGIN
        + "vif = [ 'mac = 00:16:3e:00:00:01, bridge=br1, vifname=v, script=vif-route, backend=DomD, mtu=9000, oops' ]");
    assertEquals(List.of(new VifSpec("00:16:3e:00:00:01", "br1")), config.interfaces());
    assertEquals(5, config.warnings().size(), config.warnings()::toString);
    assertEquals("a.cfg:3: vif: vifname=v isn't supported and left out", config.warnings().getFirst());
    assertEquals("a.cfg:3: vif: 'oops' is no key of xl-network-configuration(5) and left out", config.warnings().getLast());
  }

  @Test
  void everyActionOfTheManualIsTakenOrNamed() {
    DomainConfig config = read(BEGIN + "on_poweroff = 'rename-restart'\non_reboot = 'soft-reset'\non_crash = 'coredump-restart'\n"
        + "on_watchdog = 'coredump-destroy'\non_soft_reset = 'preserve'");
    assertEquals(java.util.Map.of("poweroff", "restart", "reboot", "restart", "crash", "restart", "watchdog", "destroy", "soft_reset",
        "preserve"), config.actions());
    assertEquals(4, config.warnings().size(), config.warnings()::toString);
    assertTrue(config.warnings().stream().allMatch(w -> w.matches("a\\.cfg:[3-6]: on_\\w+: \\S+ isn't supported; \\w+ is done instead")),
        config.warnings()::toString);
    assertEquals("preserve", read(BEGIN + "on_crash = 'preserve'").actions().get("soft_reset"));
  }

  @Test
  void numbersOfFurtherNamesOfDisksAreThoseOfTheManual() {
    assertEquals(51713, DiskSpec.number("d0p1"));
    assertEquals(51728, DiskSpec.number("d1"));
    assertEquals(51712, DiskSpec.number("0xca00"));
    assertEquals(1 << 28 | 26 << 8, DiskSpec.number("xvdaa"));
    assertEquals(1 << 28 | 536 << 8 | 37, DiskSpec.number("d536p37"));
    for (String wrong : List.of("xvdzzzzz", "d9999999", "xvda999", "0x", "d", "xvd", "d1p")) {
      assertEquals(-1, DiskSpec.number(wrong), wrong);
    }
  }
}
