// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

import java.util.OptionalLong;

/**
 * A kernel that was found in a guest's memory.
 *
 * @param symbols its own, at the addresses where it runs
 * @param base    address of the image's first byte, where it runs; in the memory in which it was found
 * @param below   the same address in the memory below: what {@link #base} is translated to
 * @param moved   bytes by which it runs above where it was linked (KASLR); empty as long as its memory doesn't say
 * @param version what it says of itself, a line; empty if it says nothing
 */
public record GuestKernel(SymbolTable symbols, long base, long below, OptionalLong moved, String version) {}
