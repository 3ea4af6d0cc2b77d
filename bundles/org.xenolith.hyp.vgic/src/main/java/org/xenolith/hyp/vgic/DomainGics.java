// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.kit.DomainParts;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The interrupt controllers of all domains. */
final class DomainGics {
  // The guest map of Xen's tools (public header arch-arm.h).
  private static final long GUEST_GICD = 0x0300_1000L;
  private static final long GUEST_V2_GICD_SIZE = 0x1000;
  private static final long GUEST_V2_GICC = 0x0300_2000L;
  private static final long GUEST_V2_GICC_SIZE = 0x2000;
  private static final long GUEST_V3_GICD_SIZE = 0x1_0000;
  private static final long GUEST_V3_GICR = 0x0302_0000L;
  private static final long GUEST_V3_GICR_SIZE = 0x100_0000;
  private static final String LPIS = " lpis";
  /** Lines, whether it has LPIs. */
  private static final Pattern MADE = Pattern.compile(" lines=(\\d{1,4})(" + LPIS + ")?");

  private final GicHardware hardware;
  private final DomainParts<DomainGic> all;

  DomainGics(GicHardware hardware, DeviceState state, DomainsPort port) {
    this.hardware = hardware;
    all = new DomainParts<>(state, port, this::make);
  }

  /** What a controller is made with, as the name of its record has it. */
  static String made(int lines, boolean lpis) {
    return " lines=" + lines + (lpis ? LPIS : "");
  }

  private DomainGic make(int serial, int vcpus, String made) {
    Matcher matcher = MADE.matcher(made);
    if (!matcher.matches()) {
      return null;
    }
    int lines = Integer.parseInt(matcher.group(1));
    if (vcpus < 1 || lines < 64 || lines > 1024 || lines % 32 != 0) {
      throw new StateMismatch("domains: \"" + vcpus + " virtual CPUs," + made + "\" is no controller that can be");
    }
    DomainGic d = new DomainGic(serial, hardware.version(), vcpus, lines);
    if (matcher.group(2) != null) {
      d.giveLpis();
    }
    return d;
  }

  /** The present ones, not to be changed. */
  List<DomainGic> all() {
    return all.all();
  }

  /** The controller of a domain, or null if it has none. */
  DomainGic of(Domain domain) {
    return placed(all.of(domain));
  }

  /** The controller of that serial, or null. */
  DomainGic of(int serial) {
    return placed(all.of(serial));
  }

  /** Says where its frames are, once that is known. */
  private DomainGic placed(DomainGic d) {
    if (d != null && d.facts == null && d.domain() != null) {
      d.facts = facts(d.domain().kind(), d.lines);
    }
    return d;
  }

  /** A domain gets a controller. */
  DomainGic add(Domain domain, int lines) {
    return placed(all.add(new DomainGic(domain.serial(), hardware.version(), domain.vcpus().size(), lines), domain));
  }

  /** A domain is gone. */
  void remove(DomainGic d) {
    all.remove(d);
  }

  /** Where the frames of a domain are: for Dom0 where the hardware's are. */
  GicFacts facts(DomainSpec.Kind kind, int lines) {
    int version = hardware.version();
    if (kind == DomainSpec.Kind.DOM0) {
      return new GicFacts(version, hardware.distributor().base(), hardware.distributor().size(), hardware.second().base(),
          hardware.second().size(), lines);
    }
    return version == 2
        ? new GicFacts(2, GUEST_GICD, GUEST_V2_GICD_SIZE, GUEST_V2_GICC, GUEST_V2_GICC_SIZE, lines)
        : new GicFacts(3, GUEST_GICD, GUEST_V3_GICD_SIZE, GUEST_V3_GICR, GUEST_V3_GICR_SIZE, lines);
  }
}
