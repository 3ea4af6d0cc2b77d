// SPDX-License-Identifier: EPL-2.0
/** Local APICs of virtual CPUs on machines with x86-64 processors. */
package org.xenolith.hyp.vlapic;
