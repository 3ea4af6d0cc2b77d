// SPDX-License-Identifier: EPL-2.0
/** Devicetree source (Devicetree Specification 0.4, chapter 6): reading it into trees, laying it over trees, and writing it. */
package org.xenolith.fdt.source;
