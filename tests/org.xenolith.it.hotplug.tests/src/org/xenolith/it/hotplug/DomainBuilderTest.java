// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;

/** A builder of domains that a bundle brings while the hypervisor works: for images in a form that ours don't know. */
@FullLane
class DomainBuilderTest {
  private static final String CARRIER = "org.xenolith.hyp.build.arm.dt";
  private static final String BUNDLE = "it.flat";
  private static final String DESCRIPTION = "OSGI-INF/" + CARRIER + ".DomainBuildersComponent.xml";
  private static final long RAM = 0x4000_0000L;
  private static final int ANSWER = 0x40;
  /** Runs of a millisecond in which each of two domains has had the CPU: a domain's turn is 30 ms at most. */
  private static final int TURNS = 100;
  /** {@code mov x0, #0; mov x16, #17; hvc #0xea1; adr x20, answer; str x0, [x20]; b .-20}: xen_version, again and again. */
  private static final int[] PROGRAM = {0xd2800000, 0xd2800230, 0xd401d422, 0x10000134, 0xf9000280, 0x17fffffb};
  private static final long VERSION = 4 << 16 | 17;
  private static final String SOURCE = """
      package it.flat;
      import java.util.Optional;
      import org.xenolith.hyp.api.*;
      import org.xenolith.hyp.build.kit.BuildersModel;
      import org.xenolith.hyp.build.kit.NewDomain;
      import org.xenolith.machine.api.*;
      public final class FlatComponent implements DeviceModelFactory {
        public ModelDescription description() { return new ModelDescription("flat", "Builds flat guests", "none"); }
        public DeviceModel create(DeviceContext context) {
          DomainBuilder builder = new DomainBuilder() {
            public String name() { return "flat"; }
            public String description() { return "a guest without any description, from an image that begins with FLAT"; }
            public Optional<String> refusal(DomainSpec spec, DomainImage image) {
              return image.kernel()[0] == 'F' && image.kernel()[1] == 'L' ? Optional.empty() : Optional.of("expected FLAT at the start");
            }
            public Domain build(int id, DomainSpec spec, DomainImage image) {
              return NewDomain.build(context, id, spec, made -> {
                made.demand(context.port(P2mPort.class).populate(made.domain(), 0x40000, image.memory() >> 12), "populating its RAM");
                made.copy(0x4000_0000L, image.kernel(), "image");
                made.domain().vcpu(0).powerOn(0x4000_0010L, 0);
              });
            }
          };
          return new BuildersModel(context, builder);
        }
      }
      """;

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private byte[] jar() throws IOException {
    return JarCompiler.with(product.jar(CARRIER), "it.flat.FlatComponent", SOURCE).header("Bundle-SymbolicName", BUNDLE)
        .edit(DESCRIPTION, text -> text.replace(CARRIER + ".DomainBuildersComponent", "it.flat.FlatComponent").replace("build.arm.dt",
            "build.flat"))
        .bytes();
  }

  private Path config(String name) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.put("FLAT".getBytes(StandardCharsets.US_ASCII)).position(16);
    for (int word : PROGRAM) {
      image.putInt(word);
    }
    Path kernel = Files.write(folder.resolve("flat"), image.array());
    return Files.writeString(folder.resolve(name + ".cfg"), "name = \"" + name + "\"\nkernel = \"" + kernel + "\"\nmemory = 16\n");
  }

  private static String create(CallingDomain machine, Path config) {
    return machine.machine().port(HypervisorNode.PATH, ToolsPort.class).execute(List.of("create", config.toString()));
  }

  private static long answer(CallingDomain machine, String name) {
    Domain domain = machine.machine().port(HypervisorNode.PATH, DomainsPort.class).domains().all().stream()
        .filter(d -> d.name().equals(name)).findFirst().orElseThrow();
    domain.memory().write64(RAM + ANSWER, 0);
    for (int turn = 0; turn < TURNS && domain.memory().read64(RAM + ANSWER) == 0; turn++) {
      machine.run();
    }
    return domain.memory().read64(RAM + ANSWER);
  }

  @Test
  void bundleBringsABuilderForImagesOfItsOwnAndTakesItAway() throws IOException {
    try (CallingDomain machine = new CallingDomain(folder)) {
      Path config = config("first");
      String message = assertThrows(HypervisorException.class, () -> create(machine, config)).getMessage();
      assertTrue(message.contains("no builder that is installed takes it. the kernel: expected an arm64 Image, plain or packed"), message);
      Change added = product.change().add(new ByteArrayInputStream(jar()));
      assertTrue(added.done(), added::toString);
      assertTrue(create(machine, config).contains("created domain"));
      assertEquals(VERSION, answer(machine, "first"));
      long rounds = machine.rounds();
      for (int turn = 0; turn < TURNS && machine.rounds() == rounds; turn++) {
        machine.run();
      }
      assertTrue(machine.rounds() > rounds, "the domain of the other builder goes on");
      Change removed = product.change().remove(BUNDLE);
      assertTrue(removed.done(), removed::toString);
      assertThrows(HypervisorException.class, () -> create(machine, config("second")));
      assertEquals(VERSION, answer(machine, "first"), "a domain outlives its builder");
    }
  }
}
