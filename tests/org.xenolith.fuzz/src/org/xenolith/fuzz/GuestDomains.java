// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.HvmParam;

/** Makes guests of few pages: what the builder and the tools give one, without a kernel's needs. */
final class GuestDomains {
  private static final int VCPUS = 2;
  private static final int MOST_PAGES = 160;

  private GuestDomains() {}

  /** Makes a domain that begins at {@link GuestPlace#CODE}; it is left paused. */
  static Domain make(World world, int id, String name, byte[] code) {
    Domain domain = world.domains.create(id, new DomainSpec(name, UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), VCPUS,
        MOST_PAGES,
        DomainSpec.Kind.DOMU, 31, 256, 0));
    demand(world.p2m.populate(domain, GuestPlace.RAM >>> 12, GuestPlace.PAGES));
    demand(world.p2m.populate(domain, GuestPlace.MAGIC >>> 12, GuestPlace.MAGIC_PAGES));
    connect(world, domain, GrantFlag.GNTTAB_RESERVED_CONSOLE, GuestPlace.CONSOLE, HvmParam.HVM_PARAM_CONSOLE_PFN,
        HvmParam.HVM_PARAM_CONSOLE_EVTCHN);
    int port = connect(world, domain, GrantFlag.GNTTAB_RESERVED_XENSTORE, GuestPlace.STORE, HvmParam.HVM_PARAM_STORE_PFN,
        HvmParam.HVM_PARAM_STORE_EVTCHN);
    demand(world.store.introduce(domain, GuestPlace.STORE >>> 12, port));
    home(world, domain);
    domain.memory().write(GuestPlace.CODE, code, 0, code.length);
    domain.memory().write(GuestPlace.VECTORS, GuestCode.VECTORS, 0, GuestCode.VECTORS.length);
    domain.vcpu(0).powerOn(GuestPlace.CODE, 0);
    return domain;
  }

  private static int connect(World world, Domain domain, int reference, long page, int frameParameter, int portParameter) {
    int port = world.channels.allocateUnbound(domain, ServiceEventsPort.DOMID);
    demand(Math.min(port, 0));
    world.grants.grant(domain, reference, ServiceEventsPort.DOMID, page >>> 12);
    domain.parameter(frameParameter, page >>> 12);
    domain.parameter(portParameter, port);
    return port;
  }

  private static void home(World world, Domain domain) {
    String home = home(domain);
    node(world, home, "", "n0 r" + domain.id());
    node(world, home + "/name", domain.name());
    node(world, home + "/domid", Integer.toString(domain.id()));
    node(world, home + "/data", "", "n" + domain.id());
    node(world, home + "/device", "");
  }

  static String home(Domain domain) {
    return "/local/domain/" + domain.id();
  }

  static void node(World world, String path, String value, String permissions) {
    node(world, path, value);
    world.store.permit(path, permissions);
  }

  /** A new node has the permissions of the one above. */
  static void node(World world, String path, String value) {
    if (!world.store.write(path, value)) {
      throw new IllegalStateException("the store doesn't take " + path);
    }
  }

  static void demand(int answer) {
    if (answer != 0) {
      throw new IllegalStateException("a guest can't be made: error " + answer);
    }
  }
}
