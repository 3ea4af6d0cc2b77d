// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Store;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.XenbusState;

/**
 * What the tools write into the store for a domain ({@code docs/misc/xenstore-paths.pandoc}, public headers {@code io/*.h}).
 * Back ends are in the service domain.
 */
final class StoreLayout {
  private static final int BACKEND = ServiceEventsPort.DOMID;
  private static final String BACKENDS = "/local/domain/" + BACKEND + "/backend/";

  private final Store store;

  StoreLayout(Store store) {
    this.store = store;
  }

  private static String libxl(Domain domain) {
    return "/libxl/" + domain.id();
  }

  static String home(Domain domain) {
    return "/local/domain/" + domain.id();
  }

  /** The domain's own nodes: it may read them, and write where the protocols want it to. */
  void domain(Domain domain, long memoryKib) {
    String home = home(domain);
    String readable = "n0 r" + domain.id();
    String own = "n" + domain.id();
    node(home, "", readable);
    node(home + "/vm", "/vm/" + domain.handle(), readable);
    node(home + "/name", domain.name(), readable);
    node(home + "/domid", Integer.toString(domain.id()), readable);
    node(home + "/memory", "", readable);
    node(home + "/memory/static-max", Long.toString(memoryKib), readable);
    node(home + "/memory/target", Long.toString(memoryKib), readable);
    node(home + "/cpu", "", readable);
    for (int i = 0; i < domain.vcpus().size(); i++) {
      node(home + "/cpu/" + i, "", readable);
      node(home + "/cpu/" + i + "/availability", "online", readable);
    }
    node(home + "/control", "", readable);
    node(home + "/control/shutdown", "", own);
    for (String feature : List.of("feature-poweroff", "feature-reboot", "feature-suspend", "sysrq")) {
      node(home + "/control/" + feature, "", own);
    }
    for (String free : List.of("data", "drivers", "feature", "attr", "error")) {
      node(home + "/" + free, "", own);
    }
    node(home + "/device", "", readable);
    // libxl in Dom0 looks here for what a domain is and what it has.
    String libxl = libxl(domain);
    node(libxl, "", "n0");
    node(libxl + "/type", "pvh", "n0");
    node(libxl + "/device", "", "n0");
    node("/vm/" + domain.handle(), "", "n0");
    node("/vm/" + domain.handle() + "/name", domain.name(), "n0");
    node("/vm/" + domain.handle() + "/uuid", domain.handle().toString(), "n0");
    long console = domain.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN);
    if (console != 0) {
      node(home + "/console", "", readable);
      node(home + "/console/ring-ref", Long.toString(console), readable);
      node(home + "/console/port", Long.toString(domain.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN)), readable);
      node(home + "/console/limit", "65536", readable);
      node(home + "/console/type", "xenconsoled", readable);
    }
    long page = domain.parameter(HvmParam.HVM_PARAM_STORE_PFN);
    if (page != 0) {
      node(home + "/store", "", readable);
      node(home + "/store/ring-ref", Long.toString(page), readable);
      node(home + "/store/port", Long.toString(domain.parameter(HvmParam.HVM_PARAM_STORE_EVTCHN)), readable);
    }
  }

  /** The nodes of a domain that tools didn't build: Dom0 and the service domain. */
  void wellKnown(Domain domain) {
    String home = home(domain);
    String readable = "n0 r" + domain.id();
    node(home, "", readable);
    node(home + "/name", domain.name(), readable);
    node(home + "/domid", Integer.toString(domain.id()), readable);
    if (domain.id() == BACKEND) {
      node(home + "/backend", "", "n" + BACKEND);
      // Tools in Dom0 make the store's and the console's ends for who is named here.
      node("/tool/xenstored/domid", Integer.toString(BACKEND), "n0");
      node("/tool/xenconsoled/domid", Integer.toString(BACKEND), "n0");
      node("/local/pool/0/name", "Pool-0", "n0");
    }
  }

  void block(Domain domain, DiskSpec disk) {
    String id = Integer.toString(disk.number());
    List<String[]> back = new ArrayList<>();
    back.add(new String[] {"removable", "0"});
    back.add(new String[] {"bootable", "1"});
    back.add(new String[] {"dev", disk.device()});
    back.add(new String[] {"type", "phy"});
    back.add(new String[] {"mode", disk.access().equals("ro") ? "r" : "w"});
    back.add(new String[] {"device-type", "disk"});
    back.add(new String[] {"discard-enable", "1"});
    back.add(new String[] {"params", disk.target()});
    device(domain, "vbd", id, back, List.of(new String[] {"virtual-device", id}, new String[] {"device-type", "disk"}));
  }

  void network(Domain domain, int index, VifSpec vif) {
    String id = Integer.toString(index);
    device(domain, "vif", id, List.of(new String[] {"mac", vif.mac()}, new String[] {"bridge", vif.bridge()},
        new String[] {"handle", id}, new String[] {"type", "vif"}), List.of(new String[] {"handle", id},
            new String[] {"mac", vif.mac()}, new String[] {"mtu", "1500"}));
  }

  void folder(Domain domain, int index, FolderSpec folder) {
    // docs/misc/9pfs.pandoc has the tag at the back end, Linux reads it at the front end; libxl writes security_model with an underscore.
    device(domain, "9pfs", Integer.toString(index), List.of(new String[] {"path", folder.path()}, new String[] {"tag", folder.tag()},
        new String[] {"security_model", "none"}), List.<String[]>of(new String[] {"tag", folder.tag()}));
  }

  /** Both ends of a device: the back end's nodes first, as its driver looks for them when the front end appears. */
  private void device(Domain domain, String kind, String id, List<String[]> backNodes, List<String[]> frontNodes) {
    String front = home(domain) + "/device/" + kind + "/" + id;
    String back = BACKENDS + kind + "/" + domain.id() + "/" + id;
    String backPermissions = "n" + BACKEND + " r" + domain.id();
    String frontPermissions = "n" + domain.id() + " r" + BACKEND;
    node(back, "", backPermissions);
    node(front, "", frontPermissions);
    node(back + "/frontend", front, backPermissions);
    node(back + "/frontend-id", Integer.toString(domain.id()), backPermissions);
    node(back + "/online", "1", backPermissions);
    backNodes.forEach(n -> node(back + "/" + n[0], n[1], backPermissions));
    node(front + "/backend", back, frontPermissions);
    node(front + "/backend-id", Integer.toString(BACKEND), frontPermissions);
    frontNodes.forEach(n -> node(front + "/" + n[0], n[1], frontPermissions));
    String known = libxl(domain) + "/device/" + kind + "/" + id;
    node(known, "", "n0");
    node(known + "/frontend", front, "n0");
    node(known + "/backend", back, "n0");
    node(known + "/frontend-id", Integer.toString(domain.id()), "n0");
    node(known + "/online", "1", "n0");
    node(known + "/state", Integer.toString(XenbusState.XenbusStateInitialising), "n0");
    backNodes.forEach(n -> node(known + "/" + n[0], n[1], "n0"));
    node(front + "/state", Integer.toString(XenbusState.XenbusStateInitialising), frontPermissions);
    node(back + "/state", Integer.toString(XenbusState.XenbusStateInitialising), backPermissions);
  }

  /** Asks a device's back end to go; {@link #gone} says when it has. */
  void close(Domain domain, String kind, String id) {
    String back = BACKENDS + kind + "/" + domain.id() + "/" + id;
    store.write(back + "/online", "0");
    store.write(back + "/state", Integer.toString(XenbusState.XenbusStateClosing));
  }

  /** Whether nobody asked the device to go. */
  boolean wanted(Domain domain, String kind, String id) {
    return "1".equals(store.read(BACKENDS + kind + "/" + domain.id() + "/" + id + "/online"));
  }

  /** Takes a device's nodes away. */
  void forget(Domain domain, String kind, String id) {
    store.remove(home(domain) + "/device/" + kind + "/" + id);
    store.remove(BACKENDS + kind + "/" + domain.id() + "/" + id);
    store.remove(libxl(domain) + "/device/" + kind + "/" + id);
  }

  String frontState(Domain domain, String kind, String id) {
    return store.read(home(domain) + "/device/" + kind + "/" + id + "/state");
  }

  String backState(Domain domain, String kind, String id) {
    return store.read(BACKENDS + kind + "/" + domain.id() + "/" + id + "/state");
  }

  List<String> devices(Domain domain, String kind) {
    return store.list(home(domain) + "/device/" + kind);
  }

  /** Takes all of a domain away. */
  void forget(Domain domain) {
    for (String kind : store.list(BACKENDS.substring(0, BACKENDS.length() - 1))) {
      store.remove(BACKENDS + kind + "/" + domain.id());
    }
    store.remove(home(domain));
    store.remove("/vm/" + domain.handle());
    store.remove(libxl(domain));
  }

  private void node(String path, String value, String permissions) {
    store.write(path, value);
    store.permit(path, permissions);
  }
}
