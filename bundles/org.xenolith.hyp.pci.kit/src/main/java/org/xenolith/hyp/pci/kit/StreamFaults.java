// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci.kit;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Tells of what an IOMMU refused, and of its own errors: as events, and in the hypervisor's log. */
public abstract class StreamFaults {
  /** Kind of the event of an access that was refused. */
  public static final String FAULT = "iommu-fault";
  /** Kind of the event of an IOMMU that isn't as it should be. */
  public static final String ERROR = "iommu-error";

  private final String title;
  private final String path;
  private final DeviceContext context;
  private final DomainsPort domains;
  private final HypervisorLogPort log;
  private final StreamIds ids;
  private final StreamAttachments attachments;
  private final LongCell count;

  /**
   * Those of one IOMMU.
   *
   * @param kind what it is, in the log
   * @param path of its node
   * @param state has how many accesses were refused
   */
  protected StreamFaults(String kind, String path, DeviceContext context, DeviceState state, StreamIds ids, StreamAttachments attachments) {
    title = kind + " " + path + ": ";
    this.path = path;
    this.context = context;
    this.ids = ids;
    this.attachments = attachments;
    domains = context.port(DomainsPort.class);
    log = context.port(HypervisorLogPort.class);
    count = state.cell(path + ".faults", 0);
  }

  /** The IOMMU itself, or the way to it, is not as it should be. */
  public final void error(String text) {
    report(ERROR, text);
  }

  /** A line of the hypervisor's log. */
  public final void note(String text) {
    log.add(title + text);
  }

  private void report(String kind, String text) {
    context.events().report(kind, path, text);
    note(text);
  }

  /** Whether a stream is a domain's. */
  protected final boolean isAttached(long stream) {
    return !attachments.stream(stream).isEmpty();
  }

  /** An access of a stream was refused. @param what it was, and why */
  protected final void refused(long stream, String what) {
    count.value++;
    StringBuilder text = new StringBuilder("stream 0x").append(Long.toHexString(stream));
    List<StreamAttachments.Attachment> attached = attachments.stream(stream);
    String function = attached.isEmpty() ? ids.function(path, stream) : Sbdf.text(attached.getFirst().sbdf());
    if (!function.isEmpty()) {
      text.append(", function ").append(function);
    }
    text.append(attached.isEmpty() ? ", of no domain" : ", of " + domain(attached.getFirst().serial())).append(": ").append(what);
    report(FAULT, text.toString());
  }

  private String domain(int serial) {
    Domains core = domains.domains();
    if (core != null) {
      for (Domain domain : core.all()) {
        if (domain.serial() == serial) {
          return "d" + domain.id() + " " + domain.name();
        }
      }
    }
    return "a domain that is gone";
  }

  /** Further ones were refused that aren't told one by one. @param lost whether there were more that it didn't record */
  public final void more(int skipped, boolean lost) {
    count.value += skipped;
    report(FAULT, skipped + " further accesses were refused" + (lost ? ", and more that were not recorded" : ""));
  }
}
