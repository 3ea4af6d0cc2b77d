// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;

/** Debian at its shell with a card that has a network outside. */
final class CardGuest implements AutoCloseable {
  /** The gateway, which is the host's loopback with {@code host=on}. */
  static final String HOST = "10.0.2.2";

  final Launch launch;
  final GuestMachine guest;
  /** What people are told. */
  final List<String> told = new ArrayList<>();

  private CardGuest(Launch launch) {
    this.launch = launch;
    guest = GuestMachine.of(launch);
    launch.connect(told::add);
    launch.debug(new UnhaltedRun(), text -> {});
  }

  static RequestBuilder request(String nic) {
    return RequestBuilder.of("virt").boardOption("pcie", "ecam").memory(256L << 20).guest("debian").append("quiet xl.pci xl.shell").option(
        "pci", "1.0=virtio").option("nic", nic + ",pci=1.0");
  }

  /** Booted to its shell, with the card up and the usual address. @param nic without the card's place */
  static CardGuest of(String nic) throws IOException {
    return of(request(nic));
  }

  static CardGuest of(RequestBuilder request) throws IOException {
    CardGuest card = new CardGuest(InstalledProduct.get().service(Launcher.class).launch(request.build(), text -> {}, (kind, place,
        text) -> {}));
    try {
      card.guest.runUntil(ShellGuest.PROMPT);
      card.does("ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0; ip route add default via " + HOST);
      return card;
    } catch (AssertionError | RuntimeException e) {
      card.close();
      throw e;
    }
  }

  /** What a command says. */
  String does(String command) {
    return guest.command(command).strip();
  }

  /** Seconds of the host's that a command takes. */
  double secondsOf(String command) {
    long began = System.nanoTime();
    guest.command(command);
    return (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  @Override
  public void close() throws IOException {
    guest.close();
  }
}
