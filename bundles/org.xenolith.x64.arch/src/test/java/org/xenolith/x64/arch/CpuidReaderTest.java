// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.x64.isa.Feature;

/** Descriptions of x86-64 CPUs, right ones and wrong ones. */
class CpuidReaderTest {
  /** As little as a description can say. */
  static final String LEAST = """
      xenolith-cpu 1
      instructions x64
      summary the least
      vendor "AcmeAcmeAcme"
      leaf 0x0 EAX=0x15
      leaf 0x1 EAX=0xF0600 EBX=0x800 ECX=0x2000 EDX=0x000379FD
      leaf 0x7.0 EBX=0x82 ECX=0x4 EDX=0x20000000
      leaf 0x15 EAX=1 EBX=2 ECX=1000000000
      leaf 0x80000000 EAX=0x80000008
      leaf 0x80000001 ECX=0x100 EDX=0x20100800
      leaf 0x80000008 EAX=0x3024
      msr 0xFE 0x508
      msr 0x1A0 0x1801
      """;

  private static CpuModel model(String text) {
    return CpuModel.of(CpuFile.read("acme", "acme/cpus/acme.cpu", text));
  }

  private static String refused(String text) {
    String message = assertThrows(ModelException.class, () -> model(text)).getMessage();
    String place = "acme/cpus/acme.cpu";
    assertTrue(message.startsWith(place), message);
    return message.substring(place.length()).replaceFirst("^, line ", "").replaceFirst("; see docs/guides/cpu.md$", "");
  }

  @Test
  void aDescriptionIsWhatTheProcessorAnswersAndHas() {
    CpuModel least = model(LEAST);
    assertEquals("acme", least.brand());
    assertEquals(36, least.physicalBits());
    assertEquals(2_000_000_000L, least.hertz());
    assertFalse(least.hugePages());
    assertEquals(List.of(), List.copyOf(least.features()));
    CpuModel more = model(LEAST.replace("ECX=0x2000", "ECX=0x2002001").replace("EDX=0x20100800", "EDX=0x24100800")
        + "quirk tzcnt\nbrand \"Acme 1\"\n");
    assertTrue(more.hugePages());
    assertEquals(List.of(Feature.SSE3, Feature.AES, Feature.BMI1), List.copyOf(more.features()));
    BareCpu bare = new BareCpu(more);
    bare.cpu.cpuid.own(0, 0);
    assertEquals(0x656D_6341, bare.cpu.cpuid.ebx);
    bare.cpu.cpuid.own(0x8000_0002, 0);
    assertEquals(0x656D_6341, bare.cpu.cpuid.eax);
    bare.cpu.cpuid.own(0x16, 0);
    assertEquals(2, bare.cpu.cpuid.ebx, "a leaf beyond the last one is answered as that");
    assertEquals("0x2002001", more.identification().get("CPUID 0x1 ECX"));
  }

  @Test
  void whatIsWrongIsNamedWithItsLineAndWhatToDo() {
    assertEquals("14: 'register' is no word that a description begins a line with; use leaf, msr, lowered, vendor, brand or quirk", refused(
        LEAST
            + "register X 1"));
    assertEquals("14: a leaf without values; write leaf NUMBER EAX=VALUE EBX=VALUE ECX=VALUE EDX=VALUE, those that aren't zero", refused(
        LEAST + "leaf 0x2"));
    assertEquals("14: 'RAX=1' is no value of a register; write EAX=VALUE, and each of EAX, EBX, ECX and EDX at most once", refused(LEAST
        + "leaf 0x2 RAX=1"));
    assertEquals(
        "14: 'EAX=1' is no value of a register that isn't said already; write EAX=VALUE, and each of EAX, EBX, ECX and EDX at most once",
        refused(LEAST
            + "leaf 0x2 EAX=1 EAX=1"));
    assertEquals("14: EAX: 0x100000000 is wider than 32 bits; write the value of the manual", refused(LEAST + "leaf 0x2 EAX=0x100000000"));
    assertEquals("14: leaf 0x1 is said a second time; remove this line or line 6", refused(LEAST + "leaf 0x1 EAX=1"));
    assertEquals("14: leaf 0x4 has subleaves; write 0x4.0 and so on", refused(LEAST + "leaf 0x4 EAX=1"));
    assertEquals("14: leaf 0x2.0 has no subleaves; write 0x2", refused(LEAST + "leaf 0x2.0 EAX=1"));
    assertEquals("14: of leaf 0x19 nothing is modelled; leave it out: it is answered with zeros, or by the machine", refused(LEAST
        + "leaf 0x19 EAX=1"));
    assertEquals("14: 'popcnt' is no quirk that is modelled; use one of tzcnt", refused(LEAST + "quirk popcnt"));
    assertEquals("14: 'Acme' can't be the vendor; write 12 characters of ASCII", refused(LEAST + "vendor Acme"));
    assertEquals("14: vendor is said a second time; remove one of the lines", refused(LEAST + "vendor GenuineIntel"));
    assertEquals(": no line 'vendor TEXT'; write one, such as vendor \"GenuineIntel\"", refused(LEAST.replaceFirst("vendor.*\n", "")));
    assertEquals(": no line 'leaf 0x7.0 …'; every such CPU answers to that leaf", refused(LEAST.replaceFirst("leaf 0x7.*\n", "")));
    assertEquals(": leaf 0x80000008 says physical addresses of 35 bits; expected 36 to 52", refused(LEAST.replace("0x3024", "0x3023")));
    assertEquals(": leaf 0x15 says a time-stamp counter of 0 Hz; expected 1,000,000 to 4,294,967,295", refused(LEAST.replace("0x15 EAX=1",
        "0x15 EAX=0")));
    assertEquals(": leaves 0x0 and 0x80000000 say that the highest are 0x14 and 0x80000008; expected 0x15 and 0x80000008 at least", refused(
        LEAST.replace(
            "0x0 EAX=0x15", "0x0 EAX=0x14")));
  }

  @Test
  void whatIsNotModelledIsRefusedUntilItIsLowered() {
    String avx = LEAST.replace("ECX=0x2000", "ECX=0x10002000");
    assertEquals("6: leaf 0x1 says 1 in ECX bit 28, which isn't modelled; keep the line and add 'lowered 0x1 ECX.28 0 REASON'", refused(
        avx));
    CpuModel lowered = model(avx + "lowered 0x1 ECX.28 0 no AVX");
    assertEquals(List.of("0x1 ECX.28 0 for 1: no AVX"), lowered.lowered());
    assertEquals(0x2000, lowered.leaf(1, 0).ecx());
    assertEquals("6: leaf 0x1 EBX.apic-id says 3, which the machine answers; say 0 there", refused(LEAST.replace("EBX=0x800",
        "EBX=0x3000800")));
    assertEquals("6: leaf 0x1 ECX.CMPXCHG16B says 0, and the processor always has it; set it", refused(LEAST.replace("ECX=0x2000",
        "ECX=0x1")));
    assertEquals("11: leaf 0x80000008 EAX.linear says 57, and 48 is modelled; say that", refused(LEAST.replace("0x3024", "0x3924")));
    assertEquals("6: leaf 0x1 ECX.PCID says 1, and INVPCID is 0: neither is modelled without the other; say both or none", refused(LEAST
        .replace("ECX=0x2000",
            "ECX=0x22000")));
    assertEquals("14: 0x1 ECX.AES is 0 as it is; remove the line", refused(LEAST + "lowered 0x1 ECX.AES 0 none"));
    assertEquals("14: what is lowered has 3 words; write lowered LEAF REGISTER.FIELD VALUE REASON", refused(LEAST
        + "lowered 0x1 ECX.AES 0"));
    assertEquals("14: leaf 0x2 has no values to be lowered; say what the manual has in a line 'leaf 0x2 …' above", refused(LEAST
        + "lowered 0x2 EAX.1 0 none"));
    assertEquals("14: 'AES' is no field of a register; write EAX.FIELD, or its bits as EAX.7:4", refused(LEAST + "lowered 0x1 AES 0 none"));
    assertTrue(refused(LEAST + "lowered 0x1 ECX.AVX 0 none").startsWith(
        "14: leaf 0x1 has no field 'AVX' in ECX of which anything is modelled; use one of SSE3, "));
  }
}
