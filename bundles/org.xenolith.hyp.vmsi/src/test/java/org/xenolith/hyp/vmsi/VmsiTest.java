// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vmsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.MessageTranslation.Message;
import org.xenolith.hyp.api.MessageTranslationPort;
import org.xenolith.hyp.x64.api.GuestInterruptsPort;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeX64Cpu;
import org.xenolith.testkit.hyp.MessageLog;

class VmsiTest {
  private static final String ROLE = "vmsi";
  private static final int NVME = 0x08;
  private static final int CARD = 0x10;
  private static final long WANTED = 0xFEE0_2000L;
  private static final int VECTORS = HostVectorsPort.LAST - HostVectorsPort.FIRST + 1;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final MessageLog messages = new MessageLog();
  private final MessageTranslationPort translation = hypervisor.port(MessageTranslationPort.class);
  private final HostVectorsPort vectors = hypervisor.port(HostVectorsPort.class);
  private FakeDomain dom0;

  @BeforeEach
  void install() {
    hypervisor.cpu(0).platformObject(new FakeX64Cpu());
    hypervisor.port(GuestInterruptsPort.class).attach(messages, hypervisor.context("vlapic"));
    dom0 = hypervisor.dom0(1);
    hypervisor.install(ROLE, new VmsiComponent());
  }

  private boolean comes(Message message) {
    return vectors.serve(hypervisor.cpu(0), message.data());
  }

  @Test
  void machinesMessageBecomesTheDomains() {
    Message message = translation.give(NVME, 0, dom0, WANTED, 0x31);
    assertEquals(0xFEE0_0000L | FakeX64Cpu.APIC_ID << 12, message.address());
    assertTrue(message.data() >= HostVectorsPort.FIRST && message.data() <= HostVectorsPort.LAST, message.toString());
    assertTrue(comes(message));
    assertEquals(List.of("0: fee02000 31"), messages.take());
  }

  @Test
  void sameMessageKeepsItsVectorAndOthersHaveTheirOwn() {
    Message first = translation.give(NVME, 0, dom0, WANTED, 0x31);
    assertEquals(first, translation.give(NVME, 0, dom0, WANTED, 0x41));
    Message second = translation.give(NVME, 1, dom0, WANTED, 0x41);
    Message others = translation.give(CARD, 0, dom0, WANTED, 0x51);
    assertEquals(3, Set.of(first.data(), second.data(), others.data()).size());
    assertTrue(comes(others) && comes(first));
    assertEquals(List.of("0: fee02000 51", "0: fee02000 41"), messages.take());
  }

  @Test
  void whatIsNoMessageOfADomainIsRefused() {
    assertNull(translation.give(NVME, 0, dom0, 0x1000, 0x31), "memory");
    assertNull(translation.give(NVME, 0, dom0, 0xFEF0_0000L, 0x31), "behind the area");
    assertNull(translation.give(NVME, 0, dom0, WANTED, 0x0F), "a vector of an exception's");
    assertNull(translation.give(NVME, 0, dom0, WANTED, 0x400), "a non-maskable interrupt");
    assertNull(translation.give(NVME, 0, dom0, WANTED, 0x500), "INIT");
    assertTrue(translation.give(NVME, 0, dom0, WANTED, 0x131) != null, "lowest priority");
  }

  @Test
  void vectorsAreGivenOnceAndComeBack() {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < VECTORS; i++) {
      given.add(translation.give(NVME, i, dom0, WANTED, 0x31).data());
    }
    assertEquals(VECTORS, given.size());
    assertEquals(List.of(), hypervisor.context(ROLE).reportedEvents());
    assertNull(translation.give(CARD, 0, dom0, WANTED, 0x31), "none is left");
    assertEquals(List.of(
        "vectors-exhausted 0000:00:02.0 message 0: none of the 192 vectors of the boot CPU is free, functions have 192 of them, this"
            + " one 0; the message stays off. Have its driver ask for fewer (fewer queues), or give the domain fewer functions"), hypervisor
                .context(
                    ROLE).reportedEvents().stream().map(event -> event.kind() + " " + event.text()).toList());
    assertEquals(translation.give(NVME, 7, dom0, WANTED, 0x31), translation.give(NVME, 7, dom0, WANTED, 0x32), "what has one keeps it");
    assertTrue(comes(translation.give(NVME, 191, dom0, WANTED, 0x33)));
    assertEquals(List.of("0: fee02000 33"), messages.take());
    translation.take(NVME);
    assertFalse(vectors.serve(hypervisor.cpu(0), HostVectorsPort.FIRST), "nobody's");
    List<Message> again = new ArrayList<>();
    for (int i = 0; i < VECTORS; i++) {
      again.add(translation.give(CARD, i, dom0, WANTED, 0x31));
    }
    assertFalse(again.contains(null));
  }

  @Test
  void functionsOfADomainThatIsGoneAreNobodys() {
    FakeDomain guest = hypervisor.domU(5, 1);
    Message its = translation.give(CARD, 0, guest, WANTED, 0x31);
    Message other = translation.give(NVME, 0, dom0, WANTED, 0x32);
    hypervisor.destroy(guest);
    assertFalse(comes(its));
    assertTrue(comes(other));
    assertEquals(List.of("0: fee02000 32"), messages.take());
  }

  @Test
  void withoutLocalApicsAMessageWaits() {
    Message message = translation.give(NVME, 0, dom0, WANTED, 0x31);
    GuestInterruptsPort interrupts = hypervisor.port(GuestInterruptsPort.class);
    interrupts.detach(messages);
    assertTrue(comes(message) && comes(message));
    interrupts.attach(messages, hypervisor.context("vlapic"));
    assertEquals(List.of("0: fee02000 31"), messages.take(), "once, as a local APIC would have it");
    messages.ready = false;
    comes(message);
    assertEquals(List.of(), messages.take());
    messages.ready = true;
    interrupts.attach(messages, hypervisor.context("vlapic"));
    assertEquals(List.of("0: fee02000 31"), messages.take());
  }

  @Test
  void anotherVersionGoesOn() {
    Message message = translation.give(NVME, 3, dom0, WANTED, 0x31);
    hypervisor.replace(ROLE, new VmsiComponent());
    assertEquals(List.of(), messages.take(), "nothing came meanwhile");
    assertTrue(comes(message));
    assertEquals(List.of("0: fee02000 31"), messages.take());
    assertEquals(message, translation.give(NVME, 3, dom0, WANTED, 0x41));
    assertNotEquals(message, translation.give(NVME, 4, dom0, WANTED, 0x41));
  }

  @Test
  void oneThatWasAwayLetsNothingBeMissed() {
    Message message = translation.give(NVME, 0, dom0, WANTED, 0x31);
    var kept = hypervisor.remove(ROLE);
    assertFalse(comes(message), "lost");
    assertNull(translation.give(NVME, 1, dom0, WANTED, 0x31), "nobody translates");
    hypervisor.bringBack(ROLE, new VmsiComponent(), kept);
    assertEquals(List.of("0: fee02000 31"), messages.take(), "one too many does no harm, one too few does");
    assertTrue(comes(message));
  }
}
