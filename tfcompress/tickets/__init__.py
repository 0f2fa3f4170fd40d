"""Small networks found while the large one is trained."""

from tfcompress.tickets.early_bird_training import EarlyBirdTraining
from tfcompress.tickets.find_ticket import find_ticket
from tfcompress.tickets.ticket_search import TicketSearch
from tfcompress.tickets.train_early_bird import train_early_bird
from tfcompress.tickets.trained_ticket import TrainedTicket

__all__ = [
    "EarlyBirdTraining",
    "TicketSearch",
    "TrainedTicket",
    "find_ticket",
    "train_early_bird",
]
