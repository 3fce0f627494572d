import { hostileGraph, madeUpLabeling } from "@vicinal/example-graph-files/testing";
import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import { describe, expect, it } from "vitest";
import { readKarateClub } from "../input/karate-club.ts";
import { pictureSvg } from "./picture.ts";
import { createScene } from "./scene.ts";

function parsed(svg: string) {
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, "image/svg+xml");
}

describe("pictureSvg", () => {
  it("draws each node and edge, marks what was known and what was missed, and names what it can", () => {
    const input = readKarateClub();
    const scene = createScene(input, madeUpLabeling(input), 0);
    const svg = pictureSvg(scene, { title: "Club", subtitle: "34 members" });
    const marks = (className: string) =>
      Array.from(parsed(svg).getElementsByTagName("circle")).filter(
        (circle) => circle.getAttribute("class") === className && circle.hasAttribute("cx"),
      );
    expect(marks("node")).toHaveLength(34);
    expect(marks("ring known")).toHaveLength(2);
    expect(marks("ring missed")).toHaveLength(2);
    const texts = Array.from(parsed(svg).getElementsByTagName("text"), ({ textContent }) => textContent);
    expect(texts).toEqual(expect.arrayContaining(["Club", "34 members", "Mr. Hi", "Officer", "7", "Mr. Hi (17)"]));
  });

  it("is the same each time", () => {
    const draw = () => {
      const input = readKarateClub();
      return pictureSvg(createScene(input, madeUpLabeling(input), 0), { title: "Club", subtitle: "" });
    };
    expect(draw()).toBe(draw());
  });

  it("stays well-formed and without scripts whatever names hold", () => {
    const input = hostileGraph();
    const svg = pictureSvg(createScene(input, madeUpLabeling(input), 0), { title: input.title, subtitle: "" });
    const document = parsed(svg);
    // Browsers refuse this in text, and characters that are no XML; the parser here does not.
    expect(svg).not.toContain("]]>");
    expect(svg).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|\uFFFE/u);
    expect(document.getElementsByTagName("script")).toHaveLength(0);
    expect(document.getElementsByTagName("img")).toHaveLength(0);
    expect(Array.from(document.getElementsByTagName("text"), ({ textContent }) => textContent)).toContain(input.title);
  });
});
