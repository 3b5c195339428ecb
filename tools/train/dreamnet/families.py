"""Which emoji the network learns: what makes dreams, by families. Signs, flags, smileys, people and tools are left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Emoji that are drawn alike: how often each comes, and the texture that some of them wear (none: always smooth)."""

    weight: float
    coat: str | None
    names: frozenset[str]


def _family(weight: float, coat: str | None, names: str) -> Family:
    return Family(weight, coat, frozenset(name.strip() for name in names.replace("\n", " ").split(",")))


FAMILIES: dict[str, Family] = {
    "beasts": _family(
        4, "fur",
        """rat, mouse, ox, water buffalo, cow, tiger, rabbit, cat, horse, ram, goat, sheep, monkey, dog, pig, boar, elephant, koala, poodle,
        dromedary camel, bactrian camel, mouse face, cow face, tiger face, rabbit face, cat face, horse face, monkey face, dog face, pig face,
        hamster face, wolf face, bear face, panda face, chipmunk, see-no-evil monkey, lion face, unicorn face, bat, fox face, deer, gorilla,
        rhinoceros, giraffe face, zebra face, hedgehog, kangaroo, llama, hippopotamus, raccoon, badger, mammoth, sloth, otter, orangutan,
        skunk, beaver, bison, seal, guide dog, teddy bear, smiling cat face with open mouth, carousel horse""",
    ),
    "birds": _family(
        4, "feathers",
        """rooster, chicken, baby chick, front-facing baby chick, hatching chick, bird, penguin, turkey, eagle, duck, owl, peacock, parrot,
        swan, dodo, flamingo, dove of peace""",
    ),
    "reptiles": _family(
        4, "scales", "dragon, dragon face, crocodile, snake, turtle, lizard, sauropod, t-rex, frog face, fish, tropical fish, blowfish"
    ),
    "sea": _family(
        3.5, None,
        """whale, spouting whale, dolphin, octopus, spiral shell, shark, squid, shrimp, crab, lobster, oyster, coral, bubbles, water wave""",
    ),
    "insects": _family(
        3.5, None, "bug, ant, honeybee, lady beetle, snail, spider, spider web, butterfly, scorpion, cricket, mosquito, fly, worm, beetle, cockroach, microbe"
    ),
    "flowers": _family(
        3.5, None, "tulip, cherry blossom, rose, hibiscus, sunflower, blossom, bouquet, white flower, rosette, lotus, wilted flower"
    ),
    "plants": _family(
        2.5, None,
        """chestnut, seedling, evergreen tree, deciduous tree, palm tree, cactus, ear of maize, ear of rice, herb, four leaf clover, maple leaf,
        fallen leaf, leaf fluttering in wind, mushroom, potted plant, pine decoration, tanabata tree, christmas tree, shamrock, wood, feather,
        empty nest, nest with eggs""",
    ),
    "fruit": _family(
        1.5, None,
        """hot pepper, tomato, aubergine, grapes, melon, watermelon, tangerine, lemon, banana, pineapple, red apple, green apple, pear, peach,
        cherries, strawberry, blueberries, bell pepper, olive, kiwifruit, coconut, avocado, cucumber, carrot, broccoli, leafy green, mango, garlic,
        onion, peanuts, jack-o-lantern, potato""",
    ),
    "food": _family(
        0.8, None,
        """doughnut, cookie, soft ice cream, shortcake, birthday cake, cupcake, pretzel, croissant, waffle, slice of pizza, hamburger, sushi,
        fish cake with swirl design, lollipop, fried shrimp, spaghetti, honey pot, cheese wedge, egg, pie, green salad, tropical drink""",
    ),
    "buildings": _family(
        3, "masonry",
        """house buildings, cityscape, derelict house building, classical building, house building, house with garden, office building,
        european post office, bank, hotel, factory, japanese castle, european castle, stadium, school, department store, tokyo tower,
        statue of liberty, church, mosque, synagogue, hindu temple, hut, shinto shrine, kaaba, wedding, moyai, fountain, brick, door, window,
        bridge at night, building construction, station, hospital""",
    ),
    "landscape": _family(
        3, None,
        """cyclone, night with stars, sunrise over mountains, sunrise, cityscape at dusk, sunset over buildings, rainbow, volcano, milky way,
        earth globe europe-africa, earth globe asia-australia, crescent moon, sun with face, glowing star, shooting star, cloud with rain,
        cloud with snow, cloud with lightning, cloud with tornado, wind blowing face, sun behind cloud, cloud, comet, fire, fireworks,
        firework sparkler, snow capped mountain, mount fuji, mountain, camping, beach with umbrella, desert, desert island, national park,
        ringed planet, snowflake, droplet, hole, foggy, snowman, black sun with rays, sparkles, rock, moon viewing ceremony, hot springs,
        motorway, railway track""",
    ),
    "creatures": _family(
        2, None,
        """japanese ogre, japanese goblin, ghost, extraterrestrial alien, alien monster, skull, robot face, clown face, eyes, eye, nose, mouth,
        ear, pig nose, brain, anatomical heart, troll, mage, fairy, vampire, merperson, genie, zombie, princess, baby angel, older man, bearded person,
        smiling face with sunglasses, smiling face with horns, grinning face, crying face, pouting face, tooth, bone""",
    ),
    "ornaments": _family(
        1.5, None,
        """crown, gem stone, ring, crystal ball, nazar amulet, hamsa, mirror ball, diya lamp, izakaya lantern, wind chime, japanese dolls,
        carp streamer, performing arts, pinata, nesting dolls, amphora, trophy, key, old key, candle, menorah with nine branches,
        teapot, mirror, frame with picture, ribbon, wrapped present, balloon, kite, parachute, scroll, shield, gear, compass, mantelpiece clock,
        hourglass, alarm clock, wheel of dharma, fleur-de-lis, yin yang, anchor, funeral urn, kimono, sari, ball of yarn, spool of thread, knot,
        basket, basketball and hoop, soccer ball, ring buoy, billiards, dna double helix, confetti ball, umbrella, chains, books, sparkling heart""",
    ),
    "music": _family(
        1.5, None, "saxophone, guitar, musical keyboard, trumpet, violin, banjo, accordion, long drum, drum with drumsticks, bell, postal horn, radio"
    ),
    "machines": _family(
        1.2, None,
        """ferris wheel, roller coaster, circus tent, rocket, helicopter, steam locomotive, tram, bus, automobile, oncoming automobile, tractor,
        ship, sailboat, passenger ship, bicycle, motor scooter, racing motorcycle, wheel, airplane, flying saucer, satellite, telescope, camera,
        hot beverage, electric light bulb, mountain railway""",
    ),
}

# The kinds of texture that a coat may be.
COATS: dict[str | None, tuple[str, ...]] = {
    "fur": ("fur",),
    "feathers": ("plumage", "plumage", "feather"),
    "scales": ("scales",),
    "masonry": ("masonry", "bricks", "windows", "roof"),
}

_FAMILY_OF = {name: family for family in FAMILIES.values() for name in family.names}


def learned(name: str) -> bool:
    """Whether the network learns the emoji of this Unicode name."""
    return name in _FAMILY_OF


def of(name: str) -> Family:
    return _FAMILY_OF[name]
