// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Iommu;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.pci.kit.StreamAttachments;
import org.xenolith.hyp.pci.kit.StreamAttachments.Attachment;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.xen.abi.XenErrno;

/** An IOMMU with what is attached behind it, at its port. */
final class IommuUnit implements Iommu {
  private static final String NOTHING_ANSWERS = "nothing answers at its registers";
  private static final int NUMBER_SHIFT = 48;
  private static final int NUMBERS = 1 << 16;

  final PlatformNode node;
  final HostIommu hardware;
  final StreamAttachments attachments;
  private final int function;
  private final P2mPort p2m;
  private final FunctionMessages messages;
  private final DomainsPort domains;
  private final UnityRanges unity;

  /** @param function the PCI function that the IOMMU is */
  IommuUnit(PlatformNode node, int function, HostIommu hardware, StreamAttachments attachments, P2mPort p2m, FunctionMessages messages,
      DomainsPort domains, UnityRanges unity) {
    this.node = node;
    this.function = function;
    this.hardware = hardware;
    this.attachments = attachments;
    this.p2m = p2m;
    this.messages = messages;
    this.domains = domains;
    this.unity = unity;
  }

  /** Has the IOMMU do something. @return false if it didn't */
  boolean order(BooleanSupplier what) {
    try {
      if (hardware.ready() && what.getAsBoolean()) {
        return true;
      }
      hardware.lost("it does not do as it is told");
    } catch (ExternalAbort absent) {
      hardware.lost(NOTHING_ANSWERS);
    }
    return false;
  }

  // ---- Its life

  /** Takes the IOMMU over. @return null, or why not */
  String begin(long highest, List<Long> trusted) {
    unity.reserve();
    try {
      return hardware.begin(highest, trusted);
    } catch (ExternalAbort absent) {
      return NOTHING_ANSWERS;
    }
  }

  /** A record was restored. @param live serials of the domains that there are; null if that isn't known */
  void restored(Set<Integer> live) {
    hardware.restored();
    // Entries of domains that went while nobody was here must not come into use again.
    List<Attachment> gone = attachments.copy().stream().filter(a -> live != null && !live.contains(a.serial())).toList();
    gone.forEach(a -> {
      attachments.remove(a.sbdf());
      hardware.devices.closeMemory(a.stream());
    });
    try {
      hardware.resume();
    } catch (ExternalAbort absent) {
      hardware.lost(NOTHING_ANSWERS);
    }
    gone.forEach(a -> {
      close(a);
      unity.close(a.serial(), null);
    });
  }

  /** The driver goes. */
  void leave() {
    try {
      hardware.leave();
    } catch (ExternalAbort absent) {
      hardware.lost(NOTHING_ANSWERS);
    }
  }

  /** It interrupted, or it is time to look. */
  void attend() {
    if (driven()) {
      try {
        hardware.attend();
      } catch (ExternalAbort absent) {
        hardware.lost(NOTHING_ANSWERS);
      }
    }
  }

  /** A domain's tables changed. */
  void changed(Domain domain) {
    Attachment attached = attachments.domain(domain.serial());
    if (attached != null) {
      order(() -> hardware.commands.addresses(attached.tag()));
    }
  }

  /** A domain is gone. */
  void destroyed(Domain domain) {
    attachments.copy().stream().filter(a -> a.serial() == domain.serial()).forEach(this::release);
  }

  // ---- Iommu

  @Override
  public boolean driven() {
    return hardware.driven.value != 0;
  }

  /** Whether it has an entry for a stream. */
  private boolean knows(long stream) {
    return driven() && hardware.devices.covers(stream);
  }

  @Override
  public boolean covers(long stream) {
    return knows(stream) && order(() -> true);
  }

  @Override
  public int function() {
    return driven() ? function : -1;
  }

  @Override
  public boolean guardsMessages() {
    return driven();
  }

  @Override
  public void message(int sbdf, int data, boolean passes) {
    Attachment attached = attachments.function(sbdf);
    // What it knows already it isn't told again: who comes back with a snapshot says what passes, and a machine that was saved does what others do.
    if (attached != null && FunctionMessages.known(data) && messages.allow(hardware.devices.messages(attached.stream()), data, passes)) {
      order(() -> hardware.commands.messages(attached.stream()));
    }
  }

  @Override
  public int attach(int sbdf, long stream, Domain domain) {
    if (!knows(stream)) {
      return -XenErrno.XEN_ENODEV;
    }
    List<Attachment> others = attachments.stream(stream);
    Attachment stays = others.stream().filter(a -> a.sbdf() != sbdf && a.serial() != domain.serial()).findFirst().orElse(null);
    if (stays != null) {
      hardware.faults.note(Sbdf.text(sbdf) + " can't go to d" + domain.id() + " alone: " + Sbdf.text(stays.sbdf())
          + " has the same stream");
      return -XenErrno.XEN_EBUSY;
    }
    long root = p2m.root(domain);
    int number = number(domain.serial());
    if (root == 0 || number < 0) {
      return -XenErrno.XEN_ENOMEM;
    }
    Attachment wanted = new Attachment(sbdf, stream, domain.serial(), root | (long) number << NUMBER_SHIFT);
    if (others.stream().anyMatch(a -> a.serial() == domain.serial())) {
      attachments.put(wanted);
      return 0;
    }
    return open(wanted, others, domain);
  }

  /** The number by which the IOMMU tells a domain's translations from others'; -1 if there is none. */
  private int number(int serial) {
    Attachment same = attachments.domain(serial);
    if (same != null) {
      return same.tag();
    }
    Set<Integer> taken = new HashSet<>();
    attachments.copy().forEach(a -> taken.add(a.tag()));
    for (int number = 1; number < NUMBERS; number++) {
      if (!taken.contains(number)) {
        return number;
      }
    }
    return -1;
  }

  /** @param before what its stream was attached to: itself, or nothing */
  private int open(Attachment wanted, List<Attachment> before, Domain domain) {
    if (!order(() -> true)) {
      hardware.faults.note(Sbdf.text(wanted.sbdf()) + " can't be attached: it does not do as it is told");
      return -XenErrno.XEN_ENODEV;
    }
    long table = messages.make();
    if (table == 0) {
      return -XenErrno.XEN_ENOMEM;
    }
    int error = unity.open(wanted.stream(), domain);
    if (error != 0) {
      hardware.faults.note(Sbdf.text(wanted.sbdf()) + " can't go to d" + domain.id()
          + ", which can't have what firmware keeps for it at its own address (" + error + ")");
      messages.free(table);
      return error;
    }
    before.forEach(this::release);
    if (!order(() -> hardware.open(wanted.stream(), wanted.tables(), table))) {
      messages.free(table);
      unity.close(domain.serial(), domain);
      return -XenErrno.XEN_ENODEV;
    }
    attachments.put(wanted);
    return 0;
  }

  @Override
  public void detach(int sbdf) {
    Attachment attachment = attachments.function(sbdf);
    if (attachment != null) {
      release(attachment);
    }
  }

  /** A function has nobody; its stream reaches nothing if it was the last one. */
  private void release(Attachment attachment) {
    attachments.remove(attachment.sbdf());
    if (attachments.stream(attachment.stream()).isEmpty()) {
      close(attachment);
      unity.close(attachment.serial(), domain(attachment.serial()));
    }
  }

  /** A domain that there is, or null. */
  private Domain domain(int serial) {
    Domains core = domains.domains();
    return core == null ? null : core.all().stream().filter(each -> each.serial() == serial).findFirst().orElse(null);
  }

  /** The table of messages is free again when the IOMMU doesn't read it any more; one that doesn't say so keeps it. */
  private void close(Attachment attachment) {
    long table = hardware.devices.messages(attachment.stream());
    hardware.devices.close(attachment.stream());
    if (order(() -> hardware.close(attachment.stream(), attachment.tag()))) {
      messages.free(table);
    }
  }
}
