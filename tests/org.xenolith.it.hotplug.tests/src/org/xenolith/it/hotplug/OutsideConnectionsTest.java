// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** A guest is connected with the outside and goes on as another machine, or in the past: there its connection ends, which is said once, and the machine itself keeps it. */
@FullLane
@Timeout(300)
class OutsideConnectionsTest {
  private static final String NIC = "user,host=on";
  private static final String WAITED = "for i in $(seq 100); do grep -q ended /got && break; sleep 0.1; done; cat /got";

  @TempDir
  private Path folder;

  /** A guest, and in it a connection to a server of this test that says something and then waits. */
  private static final class Connected implements AutoCloseable {
    final ServerSocket listening;
    final CardGuest card;
    final Socket peer;

    Connected(RequestBuilder request) throws Exception {
      listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      CompletableFuture<Socket> accepted = new CompletableFuture<>();
      Thread.ofPlatform().daemon().start(() -> {
        try {
          Socket socket = listening.accept();
          socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
          accepted.complete(socket);
        } catch (IOException e) {
          accepted.completeExceptionally(e);
        }
      });
      card = CardGuest.of(request);
      card.does("mkfifo /silent; (sleep 100000 > /silent &); ((nc " + CardGuest.HOST + " " + listening.getLocalPort()
          + " < /silent > /got 2>&1; echo ended >> /got) &)");
      assertEquals("hello", card.does("for i in $(seq 100); do grep -q hello /got && break; sleep 0.1; done; cat /got"));
      peer = accepted.get(20, TimeUnit.SECONDS);
    }

    void hears(String line) throws IOException {
      peer.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
      String word = line.split(" ")[0];
      assertEquals("hello\n" + line, card.does("for i in $(seq 100); do grep -q " + word + " /got && break; sleep 0.1; done; cat /got"));
    }

    @Override
    public void close() throws IOException {
      card.close();
      listening.close();
    }
  }

  private static void seesItsConnectionEnd(GuestMachine guest, List<String> told) {
    String got = guest.command(WAITED).strip();
    assertTrue(got.startsWith("hello\n") && got.endsWith("ended"), got + told);
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().contains("with a reset"), told::toString);
  }

  @Test
  void aForkSeesItsConnectionsEndAndTheMachineThatItIsAForkOfKeepsThem() throws Exception {
    try (Connected connected = new Connected(CardGuest.request(NIC))) {
      List<String> told = new ArrayList<>();
      try (Launch fork = connected.card.launch.fork((kind, place, text) -> {}); GuestMachine guest = GuestMachine.of(fork)) {
        fork.connect(told::add);
        seesItsConnectionEnd(guest, told);
        guest.command("echo > /mark");
        fork.reset();
        assertEquals("no", guest.command("[ -e /mark ] || echo no").strip(), "it is where it began");
        seesItsConnectionEnd(guest, told);
        String refused = guest.command("nc " + CardGuest.HOST + " 80 < /dev/null || echo failed");
        assertTrue(refused.contains("failed"), refused);
      }
      connected.hears("still there");
    }
  }

  @Test
  void whoGoesOnFromASnapshotSeesConnectionsEnd() throws Exception {
    Path snapshot = folder.resolve("snapshot");
    Path journal = folder.resolve("journal");
    try (Connected connected = new Connected(CardGuest.request(NIC))) {
      connected.card.guest.save(snapshot);
      connected.hears("still there");
    }
    String digest;
    List<String> told = new ArrayList<>();
    try (Launch loaded = loaded(snapshot); GuestMachine guest = GuestMachine.of(loaded)) {
      guest.machine().record(journal);
      loaded.connect(told::add);
      seesItsConnectionEnd(guest, told);
      guest.type("poweroff -f\n");
      assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
      digest = guest.machine().digest();
    }
    try (Launch loaded = loaded(snapshot); GuestMachine guest = GuestMachine.of(loaded)) {
      guest.machine().replay(journal);
      assertEquals(StopReason.POWER_OFF, guest.run(), guest.console()::text);
      assertEquals(digest, guest.machine().digest(), "its replay");
    }
  }

  private static Launch loaded(Path snapshot) {
    return InstalledProduct.get().service(Launcher.class).launch(RequestBuilder.ofSnapshot(snapshot).option("nic", NIC + ",pci=1.0")
        .build(), text -> {}, (kind, place, text) -> {});
  }

  private static String typed(Launch launch, String word, String... more) {
    return InstalledProduct.get().services(MonitorCommand.class).stream().filter(each -> each.name().equals(word)).findFirst().orElseThrow()
        .execute(launch.machine(), List.of(more));
  }

  @Test
  void whatIsExecutedAgainInThePastSeesWhatCameThenAndThePresentIsStillConnected() throws Exception {
    try (Connected connected = new Connected(CardGuest.request(NIC).option("history", "256"))) {
      Launch launch = connected.card.launch;
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
      Moment before = history.present();
      String digest = launch.machine().digest();
      connected.card.guest.runFor(50); // what comes next comes later
      connected.hears("later");
      String present = launch.machine().digest();
      try (PastMachine past = history.at(new Goal.Exactly(before))) {
        assertEquals(digest, past.machine().digest(), "before that came");
        past.toPresent();
        assertEquals(present, past.machine().digest(), "what came comes again, from the journal");
      }
      connected.peer.getOutputStream().write("at last\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("hello\nlater\nat last", connected.card.does(
          "for i in $(seq 100); do grep -q last /got && break; sleep 0.1; done; cat /got"));
      assertEquals(List.of(), connected.card.told, "nothing has ended");
    }
  }

  /** What would be is a machine without a network: its guest's connection ends, always at the same moment, and its people are told once. */
  @Test
  void whatWouldBeSinceAMomentOfThePastSeesConnectionsEndWhichIsSaidOnce() throws Exception {
    try (Connected connected = new Connected(CardGuest.request(NIC).option("history", "256"))) {
      Launch launch = connected.card.launch;
      MachineHistory history = InstalledProduct.get().service(MachineHistories.class).of(launch.machine()).orElseThrow();
      Moment before = history.present();
      connected.card.guest.runFor(50); // what comes next comes later
      connected.hears("later");
      List<String> digests = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        List<String> told = new ArrayList<>();
        try (PastMachine past = history.at(new Goal.Exactly(before)); Launch what = past.whatIf((kind, place, text) -> {});
            GuestMachine guest = GuestMachine.of(what)) {
          what.connect(told::add);
          seesItsConnectionEnd(guest, told);
          digests.add(guest.machine().digest());
        }
      }
      assertEquals(digests.getFirst(), digests.getLast());
      typed(launch, "at", before.toString());
      String said = typed(launch, "what-if");
      assertTrue(said.contains("what if, since") && said.contains("with a reset"), said);
      String further = typed(launch, "forth", "5,000,000");
      assertTrue(further.contains("what if, since") && !further.contains("with a reset"), further);
      typed(launch, "present");
      connected.peer.getOutputStream().write("at last\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("hello\nlater\nat last", connected.card.does(
          "for i in $(seq 100); do grep -q last /got && break; sleep 0.1; done; cat /got"));
    }
  }
}
