// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class FdtCodecTest {
  /** Made by a devicetree compiler: a reservation, and names that share bytes of the strings block. */
  private static final String COMPILED = "0A3+7QAAASkAAABIAAABAAAAACgAAAARAAAAEAAAAAAAAAApAAAAuAAAAAAQAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAA"
      + "AAAAAQAAAAAAAAADAAAAEgAAAABhY21lLG9uZQBhY21lLHR3bwAAAAAAAAFidXMAAAAAAwAAAAQAAAALAAAAAgAAAAFkZXZA"
      + "MTAwMAAAAAAAAAADAAAAEAAAABoAABI0VniavAAAAAAAAAAQAAAAAwAAAAAAAAAMAAAAAgAAAAIAAAABcGxhaW4AAAAAAAAD"
      + "AAAABAAAAB5vbmUAAAAAAwAAAAMAAAAkAQIDAAAAAAIAAAACAAAACWNvbXBhdGlibGUAI2FkZHJlc3MtY2VsbHMAcmVnAGxh"
      + "YmVsAGRhdGEA";

  private final byte[] blob = FdtWriter.write(SampleTree.fdt());

  @Test
  void whatIsWrittenReadsBackEqual() {
    assertEquals(SampleTree.fdt(), FdtReader.read(blob));
  }

  @Test
  void writingIsDeterministic() {
    assertArrayEquals(blob, FdtWriter.write(FdtReader.read(blob)));
  }

  @Test
  void blobOfADevicetreeCompilerReadsAndComesBackEqual() {
    Fdt fdt = FdtReader.read(Base64.getDecoder().decode(COMPILED));
    assertEquals(List.of(new FdtReservation(0x1000_0000L, 0x4000)), fdt.reservations());
    assertEquals(List.of("acme,one", "acme,two"), fdt.root().property("compatible").orElseThrow().strings());
    assertEquals(List.of("bus", "plain"), fdt.root().children().stream().map(FdtNode::name).toList());
    assertEquals(0x1234_5678_9abcL, fdt.node("/bus/dev@1000").orElseThrow().property("reg").orElseThrow().number(0, 2));
    assertEquals("one", fdt.node("/plain").orElseThrow().property("label").orElseThrow().string());
    assertEquals(fdt, FdtReader.read(FdtWriter.write(fdt)));
  }

  @Test
  void orderIsKept() {
    FdtNode soc = FdtReader.read(blob).node("/soc").orElseThrow();
    assertEquals(List.of("intc@8000000", "serial@9000000", "serial@9100000", "timer"),
        soc.children().stream().map(FdtNode::name).toList());
    assertEquals(List.of("ranges", "dma-coherent"), soc.properties().stream().map(FdtProperty::name).toList());
  }

  @Test
  void bytesBehindTheBlobArePassedOver() {
    assertEquals(SampleTree.fdt(), FdtReader.read(Arrays.copyOf(blob, blob.length + 100)));
  }

  @Test
  void nopTokensArePassedOver() {
    int structOffset = word(8);
    byte[] padded = new byte[blob.length + 8];
    System.arraycopy(blob, 0, padded, 0, structOffset);
    ByteBuffer out = ByteBuffer.wrap(padded);
    out.putInt(structOffset, 4).putInt(structOffset + 4, 4);
    System.arraycopy(blob, structOffset, padded, structOffset + 8, blob.length - structOffset);
    out.putInt(4, word(4) + 8).putInt(12, word(12) + 8).putInt(36, word(36) + 8);
    assertEquals(SampleTree.fdt(), FdtReader.read(padded));
  }

  @Test
  void bytesBetweenTheEndTokenAndTheStringsBlockAreRefusedIfTheyCountAsStructure() {
    int end = word(8) + word(36);
    ByteBuffer padded = ByteBuffer.allocate(blob.length + 4);
    padded.put(blob, 0, end).putInt(4).put(blob, end, blob.length - end);
    padded.putInt(4, word(4) + 4).putInt(12, word(12) + 4);
    assertEquals(SampleTree.fdt(), FdtReader.read(padded.array()));
    padded.putInt(36, word(36) + 4);
    FdtException e = assertThrows(FdtException.class, () -> FdtReader.read(padded.array()));
    assertTrue(e.getMessage().contains("4 bytes follow the end"), e.getMessage());
    assertEquals(end - 4, e.offset());
  }

  @Test
  void version16WithoutTheSizeOfTheStructureBlockIsRead() {
    ByteBuffer.wrap(blob).putInt(20, 16).putInt(36, -1);
    assertEquals(SampleTree.fdt(), FdtReader.read(blob));
  }

  @Test
  void faultsNamePlaceAndRemedy() {
    refused("magic number", 0, 0, 0x1f8b0800);
    refused("version 15", 20, 20, 15);
    refused("the header says", 4, 4, blob.length + 1);
    refused("structure block", 8, 8, blob.length);
    refused("strings block", 12, 12, -4);
    refused("isn't aligned", 16, 16, 44);
    refused("has no end", 88, 40, 1, 56, 1, 72, 1);
    refused("is no token", word(8), word(8), 7);
  }

  @Test
  void propertyWithANameOutsideTheStringsBlockIsRefusedWithItsPath() {
    int firstProperty = word(8) + 8;
    FdtException e = refused("/: a property's name lies outside", firstProperty, firstProperty + 8, word(32));
    assertTrue(e.getMessage().startsWith("offset 0x" + Integer.toHexString(firstProperty) + ": "), e.getMessage());
  }

  @Test
  void tooDeepATreeIsRefusedWhileReading() {
    int deep = 100_000;
    ByteBuffer out = ByteBuffer.allocate(40 + 16 + deep * 8 + 8);
    int structSize = deep * 8;
    for (int field : new int[] {0xd00dfeed, out.capacity(), 56, 56 + structSize, 40, 17, 16, 0, 8, structSize}) {
      out.putInt(field);
    }
    out.position(56);
    out.putInt(1).putInt(0);
    for (int i = 1; i < deep; i++) {
      out.putInt(1).putInt(0x61000000);
    }
    FdtException e = assertThrows(FdtException.class, () -> FdtReader.read(out.array()));
    assertTrue(e.getMessage().contains("more than 64 nodes deep"), e.getMessage());
  }

  @Test
  void siblingsOfOneNameAreRefused() {
    FdtNode node = new FdtNode("a", List.of(), List.of());
    assertThrows(FdtException.class, () -> new FdtNode("", List.of(), List.of(node, node)));
    FdtProperty p = FdtProperty.ofFlag("p");
    assertThrows(FdtException.class, () -> new FdtNode("", List.of(p, p), List.of()));
    List<FdtNode> many = new java.util.ArrayList<>();
    for (int i = 0; i < 30; i++) {
      many.add(new FdtNode("n" + i % 29, List.of(), List.of()));
    }
    assertThrows(FdtException.class, () -> new FdtNode("", List.of(), many));
  }

  private int word(int at) {
    return FdtHeader.word(blob, at);
  }

  /** Puts words (offset, value) into a copy of the blob and expects a refusal that says {@code what}. */
  private FdtException refused(String what, int place, int... words) {
    byte[] bad = blob.clone();
    for (int i = 0; i < words.length; i += 2) {
      ByteBuffer.wrap(bad).putInt(words[i], words[i + 1]);
    }
    FdtException e = assertThrows(FdtException.class, () -> FdtReader.read(bad));
    assertTrue(e.getMessage().contains(what), e.getMessage());
    assertTrue(!e.remedy().isBlank());
    if (place > 0) {
      assertEquals(place, e.offset(), e.getMessage());
    }
    return e;
  }

  @Test
  void longPathsAreRefusedBecauseEachNodeWouldHaveOne() {
    FdtNode deep = new FdtNode("n".repeat(200), List.of(), List.of());
    for (int i = 0; i < 4; i++) {
      deep = new FdtNode("n".repeat(200), List.of(), List.of(deep));
    }
    assertEquals(deep, FdtReader.read(FdtWriter.write(Fdt.of(new FdtNode("", List.of(), List.of(deep))))).root().children().getFirst());
    FdtNode most = deep;
    FdtException e = assertThrows(FdtException.class, () -> new FdtNode("n".repeat(200), List.of(), List.of(most)));
    assertTrue(e.getMessage().contains("1206 bytes") && e.getMessage().contains("shorten"), e.getMessage());
  }
}
