// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

class LauncherOptionsTest {
  private final List<LaunchOption> offered = new ArrayList<>();

  @BeforeEach
  void offer() {
    BundleContext context = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
        (self, method, arguments) -> {
          if (method.getName().equals("registerService")) {
            offered.add((LaunchOption) arguments[1]);
          }
          return null;
        });
    new MachineOptions(context);
    new GuestOptions(context);
  }

  private LaunchOption option(String name) {
    return offered.stream().filter(option -> option.description().name().equals(name)).findFirst().orElseThrow();
  }

  private LaunchRequest request(String name, String... texts) {
    LaunchRequest.Builder request = RequestBuilder.of("virt");
    option(name).use(List.of(texts), request);
    return request.build();
  }

  private String refused(String name, String text) {
    BadInput e = assertThrows(BadInput.class, () -> request(name, text));
    return OptionName.onCommandLine((e.option().isPresent() ? e : e.about(name)).getMessage());
  }

  @Test
  void whatAResetDoesIsAChoiceThatNoSnapshotHolds() {
    RequestBuilder journal = RequestBuilder.of("virt").option(LaunchRequest.ATTENDED, LaunchRequest.JOURNAL);
    assertTrue(GuestOptions.bootsAgain(request("on-reset", "boot")));
    assertFalse(GuestOptions.bootsAgain(request("on-reset", "stop").toBuilder().option(LaunchRequest.ATTENDED, LaunchRequest.PERSON)
        .build()));
    assertFalse(GuestOptions.bootsAgain(request("on-reset", "stop").toBuilder().option(LaunchRequest.ATTENDED, LaunchRequest.JOURNAL)
        .build()));
    assertEquals("--on-reset 'ask': expected boot or stop", refused("on-reset", "ask"));
    assertEquals(List.of("boot", "stop"), option("on-reset").candidates());
    assertFalse(option("on-reset").description().inSnapshot());
    assertFalse(GuestOptions.bootsAgain(RequestBuilder.of("virt").build()));
    assertTrue(GuestOptions.bootsAgain(RequestBuilder.of("virt").shell(true).build()));
    assertTrue(GuestOptions.bootsAgain(journal.build()));
  }

  @Test
  void textsAreParsed() {
    assertEquals(OptionalInt.of(8), request("cpus", "8").cpus());
    assertEquals(OptionalLong.of(512 << 20), request("memory", "512M").memory());
    assertEquals(Map.of("its", "off", "kaslr-seed", "none"), request("option", "its=off", "kaslr-seed=none").boardOptions());
    assertEquals(List.of("/a:b=c"), request("set", "/a:b=c").option("set"));
    assertEquals(OptionalLong.of(0x4008_0000), GuestOptions.address(request("entry", "0x40080000"), "entry"));
    assertEquals(OptionalLong.of(0x4008_0000), GuestOptions.address(request("kernel-address", "40080000"), "kernel-address"));
    assertEquals(Optional.of(Path.of("f")), GuestOptions.file(request("kernel", "f"), "kernel"));
    assertEquals("interpreter", MachineOptions.engine(request("engine", "interpreter")));
    assertEquals("quiet x", GuestOptions.append(request("append", "quiet x")));
    assertEquals(Optional.of(Path.of("f")), GuestOptions.file(request("load", "f"), "load"));
  }

  @Test
  void whatCanNotBeMeantIsRefused() {
    assertEquals("--cpus '9': expected 1 to 8", refused("cpus", "9"));
    assertEquals("--memory 'x' is no possible amount of memory: expected for example 512M or 2G", refused("memory", "x"));
    assertEquals("--option 'its': expected NAME=VALUE, for example its=off", refused("option", "its"));
    assertEquals("--set 'x': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0", refused("set", "x"));
    assertEquals("'x' is no physical address: expected hexadecimal digits, for example 0x40080000", refused("entry", "x").replaceFirst(
        "--entry:? ", ""));
    assertEquals("--module 'x': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0", refused("module", "x"));
  }

  @Test
  void whoMakesARequestInCodeSaysTheSame() {
    RequestBuilder code = RequestBuilder.of("virt").kernel(Path.of("k")).kernelAddress(0x4008_0000).entry(0x4008_0040).initrd(Path.of("i"))
        .append("quiet x").modules(List.of("kernel=k", "ramdisk=r")).load(Path.of("s")).disks(List.of("a", "b,write")).engine("e").settings(
            List.of("/a:b=c", "/d:e=f"));
    LaunchRequest.Builder said = RequestBuilder.of("virt");
    Map.ofEntries(Map.entry("kernel", List.of("k")), Map.entry("kernel-address", List.of("0x40080000")), Map.entry("entry", List.of(
        "0x40080040")), Map.entry("initrd", List.of("i")), Map.entry("append", List.of("quiet x")), Map.entry("engine", List.of("e")), Map
            .entry("set", List.of("/a:b=c", "/d:e=f")), Map.entry("load", List.of("s")), Map.entry("disk", List.of("a", "b,write")), Map
                .entry("module", List.of("kernel=k", "ramdisk=r"))).forEach((name, texts) -> option(name).use(texts, said));
    assertEquals(said.build(), code.build());
    assertEquals(RequestBuilder.of("virt").build(), RequestBuilder.of("virt").append("").modules(List.of()).engine("").settings(List.of())
        .build());
  }

  @Test
  void whatExcludesOrNeedsAnotherSaysSo() {
    assertEquals("⟦entry⟧ is about a file: name it with ⟦kernel⟧", assertThrows(BadInput.class, () -> option("entry").check(List.of("0"),
        Set.of("entry"))).getMessage());
    option("entry").check(List.of("0"), Set.of("entry", "kernel"));
    assertEquals("⟦kernel⟧ and ⟦guest⟧ exclude each other: name a file or a guest", assertThrows(BadInput.class, () -> option("guest")
        .check(List.of("tiny"), Set.of("guest", "kernel"))).getMessage());
  }

  @Test
  void onlyWhatIsNoStateOfTheMachineIsOutsideASnapshot() {
    assertEquals(Set.of("engine", "load", "on-reset", "save-onto"), Set.copyOf(offered.stream().map(LaunchOption::description).filter(
        d -> !d
            .inSnapshot())
        .map(d -> d.name()).toList()));
    assertFalse(offered.stream().anyMatch(option -> option.description().help().isEmpty()));
  }
}
