// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
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
  /** Serial, virtual CPUs, lines, whether it has LPIs. */
  private static final Pattern NAME = Pattern.compile("(\\d{1,9}) vcpus=(\\d{1,4}) lines=(\\d{1,4})(" + LPIS + ")?");

  private final GicHardware hardware;
  private final DomainsPort port;
  private final List<DomainGic> all = new ArrayList<>();
  private DomainGic last;

  DomainGics(GicHardware hardware, DeviceState state, DomainsPort port) {
    this.hardware = hardware;
    this.port = port;
    state.children("domains", this::clear, this::states, this::make);
  }

  private void clear() {
    all.clear();
    last = null;
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    all.forEach(d -> states.put(d.serial + " vcpus=" + d.vcpus + " lines=" + d.lines + (d.lpis == null ? "" : LPIS), d.state));
    return states;
  }

  private DeviceState make(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new StateMismatch("domains: a domain is named \"" + name + "\"");
    }
    int vcpus = Integer.parseInt(matcher.group(2));
    int lines = Integer.parseInt(matcher.group(3));
    if (vcpus < 1 || lines < 64 || lines > 1024 || lines % 32 != 0) {
      throw new StateMismatch("domains: \"" + name + "\" is no controller that can be");
    }
    DomainGic d = new DomainGic(Integer.parseInt(matcher.group(1)), hardware.version(), vcpus, lines);
    if (matcher.group(4) != null) {
      d.giveLpis();
    }
    all.add(d);
    return d.state;
  }

  /** The present ones, not to be changed. */
  List<DomainGic> all() {
    return all;
  }

  /** Finds the domains of controllers that came from a record before the core did. */
  private void resolve() {
    if (port.domains() != null) {
      for (Domain domain : port.domains().all()) {
        of(domain);
      }
    }
  }

  /** The controller of a domain, or null if it has none. */
  DomainGic of(Domain domain) {
    DomainGic d = last;
    if (d != null && d.domain == domain) {
      return d;
    }
    for (int i = 0; i < all.size(); i++) {
      d = all.get(i);
      if (d.serial == domain.serial()) {
        attach(d, domain);
        last = d;
        return d;
      }
    }
    return null;
  }

  private void attach(DomainGic d, Domain domain) {
    if (d.domain != domain) {
      d.domain = domain;
      d.facts = facts(domain.kind(), d.lines);
    }
  }

  /** The controller of that serial, or null. */
  DomainGic of(int serial) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).serial == serial) {
        if (all.get(i).domain == null) {
          resolve();
        }
        return all.get(i);
      }
    }
    return null;
  }

  /** A domain gets a controller. */
  DomainGic add(Domain domain, int lines) {
    DomainGic d = new DomainGic(domain.serial(), hardware.version(), domain.vcpus().size(), lines);
    attach(d, domain);
    all.add(d);
    return d;
  }

  /** A domain is gone. */
  void remove(DomainGic d) {
    all.remove(d);
    last = null;
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
