// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.from.qemu.QemuLine.Option;

/** Options {@code netdev nic net}: network cards, what is behind them, and the file that a filter writes their frames to. */
final class NetPart {
  /** Cards that QEMU has and that become virtio's. */
  private static final String OTHERS = "e1000.*|rtl8139|ne2k.*|vmxnet3|pcnet|i825.*|igb|tulip|usb-net|lan9118|smc91c111|sungem";
  private final BootLine boot;
  private final Set<String> networks;
  /** What is behind cards that are named after it. */
  private final Map<String, Optional<String>> backends = new HashMap<>();
  private final List<Runnable> waiting = new ArrayList<>();
  /** The one of options {@code net}, which don't name what they mean. */
  private Optional<String> only = Optional.empty();
  private final List<KeyValues> cards = new ArrayList<>();
  private final CaptureFiles captures;

  /** @param networks words of the networks outside that are installed */
  NetPart(BootLine boot, Set<String> networks) {
    this.boot = boot;
    this.networks = networks;
    captures = new CaptureFiles(boot);
  }

  void addTo(OptionTable table) {
    table.put("netdev", option -> {
      KeyValues said = new KeyValues(option.value(), "type");
      String id = said.take("id", "");
      backends.put(id, backend(option, said));
    });
    table.put("nic", this::nic);
    table.put("net", this::net);
    table.put("object", captures::object);
    table.put("redir", option -> boot.missing(option, "give it as -netdev user,hostfwd=, which QEMU has for long"));
  }

  private void nic(Option option) {
    KeyValues said = new KeyValues(option.value(), "type");
    String model = said.take("model", "virtio");
    String address = said.take("mac", said.take("macaddr", ""));
    String id = said.take("id", "");
    said.drop("br");
    if (option.value().startsWith("none")) {
      boot.silent(option);
      return;
    }
    Optional<String> backend = backend(option, said);
    waiting.add(() -> card(option, model, address, id, backend));
  }

  private void net(Option option) {
    KeyValues said = new KeyValues(option.value(), "type");
    if (option.value().startsWith("nic")) {
      said.take("type", "");
      cards.add(said);
    } else if (option.value().equals("none")) {
      boot.silent(option);
    } else {
      said.drop("vlan");
      only = backend(option, said);
    }
  }

  /** What is behind a card, as our option has it; empty for nothing. */
  private Optional<String> backend(Option option, KeyValues said) {
    String type = said.take("type", "");
    String word = switch (type) {
      case "user" -> user(option, said);
      case "tap" -> "tap=" + said.take("ifname", "tap0");
      case "bridge" -> "";
      case "stream" -> stream(said);
      case "hubport" -> "";
      default -> "";
    };
    if (word.isEmpty()) {
      boot.missing(option, type.equals("bridge")
          ? "the product runs without root, and adds nothing to a bridge of the host; make a tap there, and take -netdev tap"
          : type.matches("stream|socket|dgram") ? "a card connects by a UNIX socket, as -netdev stream,addr.type=unix,addr.path=PATH does"
          : "there is no such network here; its card is on a bridge inside the machine");
      return Optional.empty();
    }
    String name = word.split("[,=]")[0];
    if (!networks.contains(name)) {
      boot.missing(option, "no bundle with the network '" + name + "' is installed; its card is on a bridge inside the machine");
      return Optional.empty();
    }
    return Optional.of(word);
  }

  private String user(Option option, KeyValues said) {
    StringBuilder word = new StringBuilder("user");
    said.drop("id", "name", "net", "ipv4", "ipv6", "hostname", "dhcpstart", "host", "dns", "ipv6-net", "dnssearch", "domainname");
    if (said.on("restrict")) {
      word.append(",restrict=on");
    }
    said.all("hostfwd").forEach(each -> word.append(",hostfwd=").append(each));
    for (String key : List.of("guestfwd", "smb", "tftp", "bootfile")) {
      if (!said.take(key, "").isEmpty()) {
        boot.missing(option, key + ": the network has no such service");
      }
    }
    return word.toString();
  }

  private static String stream(KeyValues said) {
    String path = said.take("addr.path", "");
    return path.isEmpty() ? "" : "stream=" + path + (said.on("server") ? ",server=on" : "");
  }

  /** Has a device be a card. @return false if it is none */
  boolean device(Option option, String driver, KeyValues said) {
    if (!driver.matches("virtio-net.*|" + OTHERS)) {
      return false;
    }
    String id = said.take("netdev", "");
    String address = said.take("mac", "");
    waiting.add(() -> card(option, driver, address, id, backends.getOrDefault(id, Optional.empty())));
    return true;
  }

  private void card(Object option, String model, String address, String id, Optional<String> backend) {
    List<String> said = new ArrayList<>();
    backend.ifPresent(said::add);
    if (!model.equals("virtio-net-device")) {
      said.add("pci=" + boot.slot("virtio"));
    }
    if (!address.isEmpty()) {
      said.add("mac=" + address);
    }
    captures.of(id, backend.isPresent()).ifPresent(file -> said.add("pcap=" + file));
    if (!model.startsWith("virtio")) {
      boot.otherwise(option, "a virtio card: there is no " + model);
    }
    boot.joined("nic", String.join(",", said));
  }

  /** All has been read. */
  void end() {
    if (cards.isEmpty() && only.isPresent()) {
      // Without a card of its own QEMU makes none for it.
      boot.silent("-net " + only.get());
    }
    cards.forEach(each -> {
      String model = each.take("model", boot.arm() ? "virtio" : "e1000");
      String id = each.take("netdev", "");
      card("-net nic,model=" + model, model, each.take("macaddr", each.take("mac", "")), id, backends.getOrDefault(id, only));
    });
    waiting.forEach(Runnable::run);
    captures.end();
  }
}
