// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;

/** {@code --node} lays devicetree source over a board's tree. */
class NodeOptionTest {
  private final NodeOption option = new NodeOption();
  @TempDir
  Path folder;

  private LaunchRequest request(String... texts) throws Exception {
    LaunchRequest.Builder request = RequestBuilder.of("virt");
    String[] files = new String[texts.length];
    for (int i = 0; i < texts.length; i++) {
      files[i] = Files.writeString(folder.resolve(i + ".dtsi"), texts[i]).toString();
    }
    option.use(List.of(files), request);
    return request.build();
  }

  private static Fdt board() {
    FdtBuilder root = FdtBuilder.root();
    root.child("uart@1").strings("status", "disabled");
    return Fdt.of(root.build());
  }

  @Test
  void nodesAreAddedAndChangedInTheOrderOfTheFiles() throws Exception {
    LaunchRequest request = request("/ { mine@2 { reg = <2>; }; };", "&{/mine@2} { reg = <3>; }; &{/uart@1} { status = \"okay\"; };");
    assertTrue(option.serves(request));
    Fdt tree = option.shape(board(), request);
    assertEquals(3, tree.node("/mine@2").orElseThrow().property("reg").orElseThrow().u32());
    assertEquals("okay", tree.node("/uart@1").orElseThrow().property("status").orElseThrow().string());
    assertFalse(option.serves(RequestBuilder.of("virt").build()));
  }

  @Test
  void whatIsWrongIsToldWithOptionFileAndLine() throws Exception {
    LaunchRequest request = request("/ {\n  a = <&uart>;\n};");
    String message = OptionName.onCommandLine(assertThrows(BadInput.class, () -> option.shape(board(), request)).getMessage());
    String file = folder.resolve("0.dtsi").toString();
    assertEquals("--node '" + file + "': " + file + ", line 2: there is no node with the label 'uart'; correct the reference", message);
    assertThrows(BadInput.class, () -> option.check(List.of(folder.resolve("none.dtsi").toString()), Set.of()));
  }
}
