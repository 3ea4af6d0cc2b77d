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
}
